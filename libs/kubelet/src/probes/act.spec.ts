import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { ContainerRuntime, ExecResult } from '@kubernest/runtime/contract';
import { openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, describe, expect, it } from 'vitest';
import type { Container } from '../types.ts';
import { type Action, act } from './act.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
async function listening(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const container = (port = 1): Container => ({ name: 'c', ports: [{ name: 'web', containerPort: port }] });
const doOnce = (action: Action, port?: number, runtime: ContainerRuntime = openHollowRuntime(), seconds = 5) =>
  act(action, { container: container(port), containerId: 'x', podIP: '127.0.0.1' }, seconds, runtime, ctx);

describe('an HTTP probe', () => {
  const answer =
    (status: number, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end('said');
  it.each([
    [200, {}, 'success', 'said'],
    [204, {}, 'success', ''],
    [404, {}, 'failure', 'HTTP probe failed with statuscode: 404'],
    [503, {}, 'failure', 'HTTP probe failed with statuscode: 503'],
  ] as const)('that is answered %d %o is a %s', async (status, headers, result, output) => {
    const port = await listening(createServer(answer(status, headers)));
    expect(await doOnce({ httpGet: { port } })).toEqual({ result, output });
  });

  it.each([
    [302, { location: 'http://other.test/' }],
    [308, { location: 'https://other.test/' }],
    [302, {}],
    [304, {}],
    [399, {}],
  ])('that is answered %d %o is a success with a warning', async (status, headers) => {
    const port = await listening(createServer(answer(status, headers)));
    const output = `Probe terminated redirects, Response body: ${status === 304 ? '' : 'said'}`;
    expect(await doOnce({ httpGet: { port } })).toEqual({ result: 'success', output, warning: true });
  });

  it('asks at the named port for the path with the headers that are wanted', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push([request.url, request.headers['x-a'], request.headers.host, request.headers['user-agent']]);
      response.end();
    });
    const port = await listening(server);
    const httpHeaders = [
      { name: 'X-A', value: 'b' },
      { name: 'Host', value: 'example.test' },
    ];
    await doOnce({ httpGet: { port: 'web', path: 'ready?full', httpHeaders } }, port);
    expect(seen).toEqual([['/ready?full', 'b', 'example.test', expect.stringMatching(/^kube-probe\//)]]);
  });

  it('that is not answered in time is a failure', async () => {
    const port = await listening(createServer(() => {}));
    expect(await doOnce({ httpGet: { port } }, undefined, undefined, 0.05)).toMatchObject({ result: 'failure' });
  });
});

describe('a TCP probe', () => {
  it('is a success where something listens, and a failure where nothing does', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    expect(await doOnce({ tcpSocket: { port } })).toMatchObject({ result: 'success' });
    open.pop();
    server.close();
    await once(server, 'close');
    expect(await doOnce({ tcpSocket: { port } })).toMatchObject({
      result: 'failure',
      output: expect.stringContaining('connect: connection refused'),
    });
  });
});

describe('a gRPC probe', () => {
  /** A health service by hand: SERVING is 1. */
  const health = (status: number, asked: string[]) => {
    const server = createHttp2Server();
    server.on('stream', (stream: ServerHttp2Stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        asked.push(Buffer.concat(chunks).subarray(5).toString('latin1'));
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, status]));
      });
    });
    return server;
  };
  it.each([
    [1, '', 'success', ''],
    [1, 'db', 'success', '\x0a\x02db'],
    [2, 'db', 'failure', '\x0a\x02db'],
    [1, 'x'.repeat(200), 'success', `\x0a\xc8\x01${'x'.repeat(200)}`],
  ])('told %d of service "%s" is a %s', async (status, service, result, message) => {
    const asked: string[] = [];
    const port = await listening(health(status, asked));
    expect(await doOnce({ grpc: { port, service } })).toMatchObject({ result });
    expect(asked).toEqual([message]);
  });

  it('of something else that listens is a failure', async () => {
    const port = await listening(createServer((_, response) => response.end()));
    expect(await doOnce({ grpc: { port } })).toMatchObject({ result: 'failure' });
  });
});

describe('an exec probe', () => {
  const command = ['check', 'it'];
  it.each<[Partial<ExecResult>, string, string]>([
    [{ output: 'fine' }, 'success', 'fine'],
    [{ exitCode: 2, output: 'bad' }, 'failure', 'bad'],
    [{ exitCode: -1, timedOut: true }, 'failure', 'command "check it" timed out'],
  ])('that ends with %o is a %s', async (outcome, result, output) => {
    const execSync = async () => ({ exitCode: 0, output: '', timedOut: false, ...outcome });
    const runtime: ContainerRuntime = { ...openHollowRuntime(), execSync };
    expect(await doOnce({ exec: { command } }, undefined, runtime)).toEqual({ result, output });
  });
});
