import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { askAt } from './ask-plainly.fixture.ts';
import { connectRemoteCommand, connectSpdyCommand, type RemoteCommand } from './connect-command.ts';
import { startEchoServer } from './echo-server.ts';
import { exitCodeOf } from './exit-status.ts';
import { proxyUpgrade } from './proxy-upgrade.ts';

const all = { stdin: true, stdout: true, stderr: true, tty: false };
const signals: AbortSignal[] = [];
let echo: { server: Server; port: number };
let proxy: Server;

beforeAll(async () => {
  echo = await startEchoServer(signals);
  proxy = createServer((_, response) => response.writeHead(404).end());
  proxy.on('upgrade', (request, socket, head) => {
    const port = request.url?.startsWith('/nowhere') ? 1 : echo.port;
    void proxyUpgrade({ request, socket, head }, askAt({ host: '127.0.0.1', port }, request.url));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  echo.server.close();
  proxy.close();
});

const query = (command: readonly string[], options: typeof all) => {
  const parameters = new URLSearchParams(command.map((word) => ['command', word]));
  for (const [name, value] of Object.entries(options)) parameters.set(name, String(value));
  return parameters;
};

type Way = readonly [string, typeof connectRemoteCommand, () => number];
const ways: readonly Way[] = [
  ['WebSocket v5', connectRemoteCommand, () => echo.port],
  ['SPDY', connectSpdyCommand, () => echo.port],
  ['WebSocket v5 through a proxy', connectRemoteCommand, () => (proxy.address() as AddressInfo).port],
  ['SPDY through a proxy', connectSpdyCommand, () => (proxy.address() as AddressInfo).port],
];

describe.each(ways)('remote command over %s', (_name, connectBy, port) => {
  const run = (command: readonly string[], options = all, subresource = 'exec'): Promise<RemoteCommand> =>
    connectBy(
      { connection: { host: '127.0.0.1', port: port() }, path: `/${subresource}?${query(command, options)}` },
      options,
    );

  it('keeps the two outputs apart and ends in success', async () => {
    const command = await run(['both']);
    const [out, err] = await Promise.all([text(command.stdout!), text(command.stderr!)]);
    expect([out, err, exitCodeOf(await command.status)]).toEqual(['to stdout', 'to stderr', 0]);
  });

  it('tells the exit code', async () => {
    const status = await (await run(['fail', '7'])).status;
    expect(exitCodeOf(status)).toBe(7);
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  it('does not tell it for an attach', async () => {
    expect(exitCodeOf(await (await run(['fail', '7'], all, 'attach')).status)).toBe(0);
  });

  it('tells why a command could not run', async () => {
    const status = await (await run(['broken'])).status;
    expect(status).toMatchObject({ reason: 'InternalError', message: expect.stringContaining('no such program') });
    expect(exitCodeOf(status)).toBeUndefined();
  });

  it('carries five megabytes there and back unchanged', async () => {
    const sent = Buffer.alloc(5_000_000, 'the quick brown fox ');
    const command = await run(['cat']);
    command.stdin?.end(sent);
    const received = await buffer(command.stdout!);
    expect(received.equals(sent)).toBe(true);
    expect(exitCodeOf(await command.status)).toBe(0);
  });

  it('passes the terminal’s size', async () => {
    const options = { ...all, tty: true, stderr: false };
    const command = await run(['size'], options);
    command.resize(101, 37);
    command.stdin?.write('go');
    expect(await text(command.stdout!)).toBe('[[101,37]]');
  });

  it('ends what runs for a client that goes away', async () => {
    const before = signals.length;
    const command = await run(['hang']);
    while (signals.length === before) await new Promise((resolve) => setImmediate(resolve));
    const signal = signals.at(-1);
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    command.close();
    await aborted;
  });

  it('refuses a request for no stream at all', async () => {
    const none = { stdin: false, stdout: false, stderr: false, tty: false };
    await expect(run(['cat'], none)).rejects.toThrow('you must specify at least 1 of stdin, stdout, stderr');
  });
});

describe('remote command over older WebSocket protocols', () => {
  const open = async (protocols: string[]) => {
    const ws = new WebSocket(`ws://127.0.0.1:${echo.port}/exec?${query(['both'], all)}`, protocols);
    const messages: Buffer[] = [];
    ws.on('message', (data) => messages.push(data as Buffer));
    await new Promise<void>((resolve, reject) => ws.once('close', () => resolve()).once('error', reject));
    return { protocol: ws.protocol, messages };
  };

  it('hangs up after the last message, also on a client that answers nothing', async () => {
    const socket = connect(echo.port, '127.0.0.1');
    socket.write(
      `GET /exec?${query(['both'], all)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n',
    );
    const received = await buffer(socket);
    expect(received.subarray(-4)).toEqual(Buffer.of(0x88, 2, 0x03, 0xe8));
  });

  it('writes base64 text with the channel as a digit', async () => {
    const { messages } = await open(['v4.base64.channel.k8s.io']);
    expect(messages.map(String)).toContain(`1${Buffer.from('to stdout').toString('base64')}`);
  });

  it('takes the first of the client’s protocols that it knows', async () => {
    expect((await open(['v9.channel.k8s.io', 'v4.channel.k8s.io', 'v5.channel.k8s.io'])).protocol).toBe(
      'v4.channel.k8s.io',
    );
  });

  it('says what it would accept to a client that knows none', async () => {
    await expect(open(['v9.channel.k8s.io'])).rejects.toThrow('400');
  });

  it('sends no status on success before v4', async () => {
    const { messages } = await open(['channel.k8s.io']);
    expect(messages.filter((message) => message[0] === 3)).toEqual([]);
  });
});

describe('a proxied upgrade', () => {
  it('is answered with an error when the target cannot be reached', async () => {
    const port = (proxy.address() as AddressInfo).port;
    const request = { connection: { host: '127.0.0.1', port }, path: '/nowhere' };
    await expect(connectSpdyCommand(request, all)).rejects.toThrow(
      'error dialing backend: dial tcp 127.0.0.1:1: connect: connection refused',
    );
  });
});
