import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Turns } from '@kubernest/meta';
import { expect, test } from 'vitest';
import { paceAnswer } from './paced-answer.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const ONE_BYTE = '1\r\nx\r\n';
/** Of a turn in which each look at the clock takes 2 ms, and of a piece. */
const [PIECES, CHUNKS] = [3, 128];

/** A clock on which each look takes 2 ms, and turns that come when they are told to. */
function slowTurns() {
  const begins: (() => void)[] = [];
  let now = 0;
  const turns = new Turns({ now: () => (now += 2), nextTurn: (begin) => void begins.push(begin) });
  return {
    turns,
    isWaitedFor: () => begins.length > 0,
    async next() {
      for (const begin of begins.splice(0)) begin();
      await settled();
    },
  };
}

const settled = () => new Promise(setImmediate);

/** A request that has gone out; what is pushed into `socket` is the other side's answer. */
async function asked(turns: Turns, listen: (outgoing: ClientRequest) => void = () => {}) {
  const socket = new Duplex({ read() {}, write: (_bytes, _coding, done) => done() });
  const outgoing = request({ createConnection: () => socket as Socket });
  outgoing.on('error', () => {});
  listen(outgoing);
  outgoing.once('socket', () => paceAnswer(outgoing, socket as Socket, turns));
  outgoing.end();
  await once(outgoing, 'socket');
  await settled();
  return { socket, outgoing };
}

test('of many answers in chunks of one byte a few pieces are parsed in each turn, and nothing is lost', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  let [parts, ended] = [0, 0];
  const all = await Promise.all(
    Array.from({ length: 20 }, () =>
      asked(turns, (outgoing) =>
        outgoing.on('response', (answer: IncomingMessage) =>
          answer.on('data', ({ length }) => (parts += length)).on('end', () => ended++),
        ),
      ),
    ),
  );
  while (isWaitedFor()) await next();
  for (const { socket } of all) socket.push(`${HEAD}${ONE_BYTE.repeat(1000)}0\r\n\r\n`);
  await settled();
  expect(parts).toBeLessThanOrEqual(PIECES * CHUNKS);
  for (let before = parts; isWaitedFor(); before = parts) {
    await next();
    expect(parts - before).toBeLessThanOrEqual(PIECES * CHUNKS);
  }
  expect([parts, ended]).toEqual([20_000, 20]);
});

test('of an answer that nobody reads yet few parts are kept, and who reads it gets all', async () => {
  const { socket, outgoing } = await asked(new Turns());
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  socket.push(`${HEAD}${ONE_BYTE.repeat(50_000)}0\r\n\r\n`);
  const [answer] = await answered;
  await settled();
  expect(answer.readableLength).toBeGreaterThan(0);
  expect(answer.readableLength).toBeLessThanOrEqual(1024 + CHUNKS);
  let size = 0;
  for await (const part of answer) {
    size += (part as Buffer).length;
    expect(answer.readableLength).toBeLessThanOrEqual(1024 + CHUNKS);
    await settled();
  }
  expect(size).toBe(50_000);
});

test('heads that announce another are parsed in turns as well', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  let heads = 0;
  const { socket, outgoing } = await asked(turns, (each) => each.on('information', () => heads++));
  while (isWaitedFor()) await next();
  socket.push(`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(5000)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`);
  const answered = once(outgoing, 'response');
  await settled();
  expect(heads).toBeLessThanOrEqual(PIECES * CHUNKS);
  for (let before = heads; isWaitedFor(); before = heads) {
    await next();
    expect(heads - before).toBeLessThanOrEqual(PIECES * CHUNKS);
  }
  await answered;
  expect(heads).toBe(5000);
});

test('all that comes behind the head of an upgrade is there in its order', async () => {
  const sent = Buffer.from(Array.from({ length: 5000 }, (_, i) => `${i}\n`).join(''));
  const { socket, outgoing } = await asked(new Turns(), (each) =>
    each.on('upgrade', (_answer, upgraded: Socket, head: Buffer) => upgraded.unshift(head)),
  );
  const upgraded = once(outgoing, 'upgrade');
  const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  socket.push(Buffer.concat([Buffer.from(head), sent]));
  await upgraded;
  socket.push(null);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  expect(Buffer.concat(parts).equals(sent)).toBe(true);
});

test('a connection on which more comes than was asked for ends', async () => {
  const { socket, outgoing } = await asked(new Turns());
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  // The first piece ends with the answer.
  const lines = 'x: y\r\n'.repeat(256 - 3);
  socket.push(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${lines}\r\nmore`);
  const [answer] = await answered;
  answer.resume();
  if (!socket.destroyed) await once(socket, 'close');
  expect(answer.statusCode).toBe(200);
});
