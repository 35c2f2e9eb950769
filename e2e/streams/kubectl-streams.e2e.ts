import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { proxyUpgrade } from '@kubernest/streams';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAt } from '../../libs/streams/src/ask-plainly.fixture.ts';
import { startEchoServer } from '../../libs/streams/src/echo-server.ts';
import { findKubectls, kubectl } from './kubectl.ts';

const tools = findKubectls();
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u' },
  spec: { containers: [{ name: 'main', image: 'x', stdin: true }] },
  status: { phase: 'Running' },
};
const resources = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'v1',
  resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'] }],
};
const answers: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': resources,
  '/api/v1/namespaces/default/pods/web': pod,
};

/** Answers the few calls around a session itself and passes the upgrade through a proxy, as an API server does to a node. */
describe('streams with the real kubectl', () => {
  let node: { server: Server; port: number };
  let api: Server;
  let server = '';
  const seen: string[] = [];
  const echo = createTcpServer((socket) => socket.pipe(socket));
  const describeUpgrade = (request: IncomingMessage) =>
    `${request.headers.upgrade} ${request.headers['sec-websocket-protocol'] ?? request.headersDistinct['x-stream-protocol-version']?.[0]}`;

  beforeAll(async () => {
    node = await startEchoServer();
    api = createServer((request, response) => {
      const answer = answers[new URL(request.url ?? '/', 'http://api').pathname];
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
    });
    api.on('upgrade', (request, socket, head) => {
      seen.push(describeUpgrade(request));
      void proxyUpgrade({ request, socket, head }, askAt({ host: '127.0.0.1', port: node.port }, request.url));
    });
    await Promise.all([
      new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve)),
      new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve)),
    ]);
    server = `--server=http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    for (const each of [node.server, api, echo]) each.close();
  });

  const ways = tools.flatMap((tool) => [
    { name: `1.${tool.minor} over SPDY`, tool, webSocket: false },
    ...(tool.minor >= 30 ? [{ name: `1.${tool.minor} over WebSocket`, tool, webSocket: true }] : []),
  ]);

  describe.each(ways)('kubectl $name', ({ tool, webSocket }) => {
    const env = {
      KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSocket),
      KUBECTL_PORT_FORWARD_WEBSOCKETS: String(webSocket),
    };
    const exec = (command: readonly string[], input?: Buffer) =>
      kubectl(tool, [server, 'exec', '-i', 'web', '--', ...command], { env, ...(input ? { input } : {}) });
    /** Older kubectls drop what comes over a WebSocket before they listen (seen with 1.30); once they send input they do. */
    const execHeard = (...command: string[]) => exec(['after-input', ...command]);

    it('keeps standard output and error apart', async () => {
      const { code, stdout, stderr } = await execHeard('both');
      expect([code, stdout.toString(), stderr]).toEqual([0, 'to stdout', 'to stderr']);
      expect(seen.at(-1)).toMatch(webSocket ? /^websocket v5/i : /^SPDY\/3.1 v4|^SPDY\/3.1 v5/i);
    });

    it('returns the exit code', async () => {
      const { code, stderr } = await execHeard('fail', '7');
      expect([code, stderr]).toEqual([7, 'command terminated with exit code 7\n']);
    });

    it('says why a command could not start', async () => {
      const { code, stderr } = await execHeard('broken');
      expect(code).toBe(1);
      expect(stderr).toContain('Internal error occurred: error executing command in container: no such program');
    });

    it('carries three megabytes in and out', async () => {
      const input = Buffer.alloc(3_000_000, 'over the lazy dog ');
      const { code, stdout } = await exec(['cat'], input);
      expect([code, stdout.equals(input)]).toEqual([0, true]);
    });

    it('attaches', async () => {
      const { code, stdout } = await kubectl(tool, [server, 'attach', '-i', 'web'], {
        env,
        input: Buffer.from('hello'),
      });
      // The session of an attach without a command ends at once.
      expect([code, stdout.toString()]).toEqual([0, '']);
      expect(seen.at(-1)).toMatch(webSocket ? /^websocket v5/i : /^SPDY\/3.1 v[45]/i);
    });

    it('forwards a port, for more than one connection', async () => {
      const port = (echo.address() as AddressInfo).port;
      const child = spawn(tool.path, ['--kubeconfig=/dev/null', server, 'port-forward', 'pod/web', `0:${port}`], {
        env: { ...process.env, ...env },
      });
      const local = await new Promise<string>((resolve, reject) => {
        let said = '';
        child.stdout.on('data', (chunk) => {
          said += String(chunk);
          const found = /127\.0\.0\.1:(\d+) ->/.exec(said)?.[1];
          if (found) resolve(found);
        });
        child.stderr.on('data', (chunk) => (said += String(chunk)));
        child.once('close', () => reject(new Error(said)));
      });
      try {
        const send = async (text: string) => {
          const { connect } = await import('node:net');
          const socket = connect(Number(local), '127.0.0.1');
          socket.write(text);
          const answer = await new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
          socket.destroy();
          return answer;
        };
        expect(await Promise.all([send('one'), send('two')])).toEqual(['one', 'two']);
        expect(await send('three')).toBe('three');
        expect(seen.at(-1)).toMatch(
          webSocket && tool.minor >= 31 ? /^websocket SPDY\/3.1\+portforward/i : /portforward\.k8s\.io/,
        );
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
});
