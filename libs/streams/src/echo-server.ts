import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { StreamSession } from '@kubernest/runtime/contract';
import { acceptRemoteCommand } from './accept.ts';
import { remoteCommandOptions } from './channels.ts';
import { portsOfQuery, servePortForward } from './port-forward.ts';
import { attachServing, execServing, serveRemoteCommand } from './serve.ts';

/**
 * A session in memory: `cat`, `fail CODE`, `both`, `hang`, `broken` or `size` in place of a process; `after-input …` is one of these once
 * its input has ended.
 */
export function memorySession(
  command: readonly string[],
  signal: AbortSignal,
): StreamSession & { readonly resizes: [number, number][] } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = new PassThrough();
  const resizes: [number, number][] = [];
  const waits = command[0] === 'after-input';
  const [name, argument] = waits ? command.slice(1) : command;
  const end = () => {
    stdout.end();
    stderr.end();
  };
  const run = async (): Promise<number> => {
    if (waits) await finished(stdin.resume());
    if (name === 'broken') throw new Error('no such program');
    if (name === 'hang') {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }
    if (name === 'cat')
      for await (const chunk of stdin) if (!stdout.write(chunk)) await new Promise((r) => stdout.once('drain', r));
    if (name === 'both') {
      stdout.write('to stdout');
      stderr.write('to stderr');
    }
    if (name === 'size') await new Promise<void>((resolve) => stdin.once('data', () => resolve()));
    if (name === 'size') stdout.write(JSON.stringify(resizes));
    return name === 'fail' ? Number(argument) : 0;
  };
  const exitCode = run().finally(end);
  exitCode.catch(() => {});
  return {
    stdin,
    stdout,
    stderr,
    resizes,
    async resize(columns, rows) {
      resizes.push([columns, rows]);
    },
    exitCode,
  };
}

/** A server of exec, attach and port-forward without a cluster: for the specs of both sides. */
export async function startEchoServer(
  signals: AbortSignal[] = [],
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://server');
    void (async () => {
      if (url.pathname.endsWith('/portforward')) {
        const dial = async (port: number) => {
          const pod = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
          await new Promise((resolve, reject) => pod.once('connect', resolve).once('error', reject));
          return pod;
        };
        return servePortForward(request, socket, head, { ports: portsOfQuery(url.searchParams), dial });
      }
      const channels = await acceptRemoteCommand(request, socket, head, remoteCommandOptions(url.searchParams));
      const attach = url.pathname.endsWith('/attach');
      await serveRemoteCommand(
        channels,
        async (signal) => {
          signals.push(signal);
          return memorySession(url.searchParams.getAll('command'), signal);
        },
        attach ? attachServing : execServing,
      );
    })().catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
