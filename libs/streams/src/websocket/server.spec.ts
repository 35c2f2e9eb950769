import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { acceptWebSocket } from '../accept.ts';
import { MOST_CHANNEL_BYTES } from './server.ts';

const FIN = 0x80;
const [TEXT, PING] = [1, 9];
const frame = (head: number, text = 'a'): Buffer =>
  Buffer.concat([Buffer.of(head, FIN | text.length), Buffer.alloc(4), Buffer.from(text)]);

/** A connection that is upgraded by `acceptWebSocket`, from both its sides. */
async function upgraded(mostBytes?: number) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  client.resume();
  const lines = ['GET / HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  client.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`);
  const [request, socket, head] = (await once(server, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  const { ws } = await acceptWebSocket({ request, socket, head }, { supported: [], fallback: '', mostBytes });
  ws.on('error', () => {});
  return {
    client,
    ws,
    async [Symbol.asyncDispose]() {
      client.destroy();
      ws.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The most that came in one turn of the event loop, until `count` have come. */
function mostInATurn(ws: WebSocket, event: 'message' | 'ping', count: number): Promise<number> {
  let [all, inThisTurn, most] = [0, 0, 0];
  return new Promise((resolve) => {
    ws.on(event, () => {
      if (inThisTurn === 0) setImmediate(() => (inThisTurn = 0));
      most = Math.max(most, ++inThisTurn);
      if (++all === count) resolve(most);
    });
  });
}

it.each([
  ['message', frame(FIN | TEXT)],
  ['ping', frame(FIN | PING)],
] as const)('of a thousand that come in one piece each %s has a turn of its own', async (event, each) => {
  await using on = await upgraded();
  const most = mostInATurn(on.ws, event, 1000);
  on.client.write(Buffer.concat(Array<Buffer>(1000).fill(each)));
  expect(await most).toBe(1);
});

it('a message in thousands of fragments ends the connection', async () => {
  await using on = await upgraded();
  on.client.write(Buffer.concat([frame(TEXT), ...Array<Buffer>(5000).fill(frame(0))]));
  const [error] = (await once(on.ws, 'error')) as [Error];
  expect(error.message).toMatch(/fragments/);
});

/** The head of a frame of which nothing more need come. */
const begun = (bytes: number): Buffer => {
  const head = Buffer.alloc(14, 0);
  head.set([FIN | 2, FIN | 127]);
  head.writeBigUInt64BE(BigInt(bytes), 2);
  return head;
};

it.each([
  ['who is only sent something', undefined, 64 * 1024],
  ['who has something to say', MOST_CHANNEL_BYTES, 16 * 1024 * 1024],
])('of %s a message that is too large ends the connection before it has come', async (_who, given, most) => {
  await using on = await upgraded(given);
  const closed = new Promise((resolve) => on.ws.once('close', resolve));
  const failed = once(on.ws, 'error');
  on.client.write(begun(most + 1));
  const [error] = (await failed) as [Error];
  expect(error.message).toMatch(/Max payload size exceeded/);
  await closed;
});

it('a message as large as it may be is taken', async () => {
  await using on = await upgraded();
  const taken = once(on.ws, 'message') as Promise<[Buffer]>;
  on.client.write(Buffer.concat([begun(64 * 1024), Buffer.alloc(64 * 1024)]));
  expect((await taken)[0].length).toBe(64 * 1024);
});
