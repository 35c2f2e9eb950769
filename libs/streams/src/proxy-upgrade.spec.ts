import { once } from 'node:events';
import { Agent, createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askAt } from './ask-plainly.fixture.ts';
import { connectRemoteCommand, connectSpdyCommand } from './connect-command.ts';
import { connectPortForward } from './connect-port-forward.ts';
import { startEchoServer } from './echo-server.ts';
import { proxyUpgrade } from './proxy-upgrade.ts';

/** What Node takes for a leak is above ten for one event; half of that is for whoever else holds the connection. */
const LISTENERS = 5;

let echo: Awaited<ReturnType<typeof startEchoServer>>;
const pod = createTcp((socket) => socket.pipe(socket));
const proxy = createHttp();
const sockets: Record<'the client' | 'the proxy' | 'its target', Socket[]> = {
  'the client': [],
  'the proxy': [],
  'its target': [],
};
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
/** A connection whose sockets are known. */
const dialled = (side: keyof typeof sockets, port: number) => {
  const agent = new Agent();
  agent.createConnection = () => {
    const socket = connect(port, '127.0.0.1');
    sockets[side].push(socket);
    return socket;
  };
  return { host: '127.0.0.1', port, agent };
};

beforeAll(async () => {
  echo = await startEchoServer();
  echo.server.on('connection', (socket) => sockets['its target'].push(socket));
  proxy.on('connection', (socket) => sockets['the proxy'].push(socket));
  proxy.on('upgrade', (request, socket, head) => {
    void proxyUpgrade({ request, socket, head }, askAt(dialled('the proxy', echo.port), request.url));
  });
  await Promise.all([pod, proxy].map((each) => once(each.listen(0, '127.0.0.1'), 'listening')));
});
afterAll(() => {
  for (const socket of Object.values(sockets).flat()) socket.destroy();
  for (const server of [echo.server, proxy, pod]) server.close();
});

const all = { stdin: true, stdout: true, stderr: true, tty: false };
const request = (path: string) => ({ connection: dialled('the client', portOf(proxy)), path });
const command = async (connectBy: typeof connectRemoteCommand) => {
  const { stdin, stdout } = await connectBy(request('/exec?command=cat&stdin=true&stdout=true&stderr=true'), all);
  return { into: stdin!, from: stdout! };
};
const forward = async () => {
  const stream = await (await connectPortForward(request('/portforward'))).connect(portOf(pod));
  return { into: stream, from: stream };
};

describe.each([
  ['a command over WebSocket', () => command(connectRemoteCommand)],
  ['a command over SPDY', () => command(connectSpdyCommand)],
  ['a forwarded port over SPDY', forward],
])('%s', (_name, begin) => {
  it('leaves room on every connection on its way for the listeners of others', async () => {
    for (const each of Object.values(sockets)) each.length = 0;
    const { into, from } = await begin();
    into.write('there');
    expect(String(((await once(from, 'data')) as [Buffer])[0])).toBe('there');
    expect(Object.values(sockets).map((each) => each.length)).toEqual([1, 2, 1]);
    const counts = Object.entries(sockets).flatMap(([side, each]) =>
      each.flatMap((socket) =>
        socket.eventNames().map((event) => ({ side, event, listeners: socket.listenerCount(event) })),
      ),
    );
    expect(counts.filter(({ listeners }) => listeners > LISTENERS)).toEqual([]);
    into.end();
  });
});

it('ends with its backend, though the client keeps its half open', async () => {
  const [client, backend] = [await connected(), await connected()];
  const onward = once(backend.far, 'data') as Promise<[Buffer]>;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const request = { method: 'GET', headers: {}, headersDistinct: {}, socket: client.near } as never;
    const answer = { statusCode: 101, rawHeaders: [] } as never;
    const ask = async () => ({ answer, socket: backend.near });
    const over = proxyUpgrade({ request, socket: client.near, head: Buffer.from('first') }, ask);
    expect(String((await onward)[0])).toBe('first');
    const heard = text(client.far);
    backend.far.end('last');
    expect(await heard).toBe('HTTP/1.1 101 Switching Protocols\r\n\r\nlast');
    expect(client.near.destroyed).toBe(false);
    vi.runAllTimers();
    await over;
    expect([client.near.destroyed, backend.near.destroyed]).toEqual([true, true]);
  } finally {
    vi.useRealTimers();
    for (const { near, far } of [client, backend]) for (const socket of [near, far]) socket.destroy();
  }
});

/** A connection whose ends close each for itself. */
async function connected(): Promise<{ readonly near: Socket; readonly far: Socket }> {
  const server = createTcp({ allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const far = connect({ port: portOf(server), host: '127.0.0.1', allowHalfOpen: true });
  const [near] = await accepted;
  server.close();
  return { near, far };
}
