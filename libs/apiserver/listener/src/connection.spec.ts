import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Turns } from '@kubernest/meta';
import { expect, test } from 'vitest';
import { Connection } from './connection.ts';

/** A clock on which each look takes 2 ms, and turns that come when they are told to. */
function slowTurns() {
  const begins: (() => void)[] = [];
  let now = 0;
  const turns = new Turns({
    now: () => {
      now += 2;
      return now;
    },
    nextTurn: (begin) => begins.push(begin),
  });
  return {
    turns,
    isWaitedFor: () => begins.length > 0,
    /** What the connections do in one turn. */
    async next() {
      for (const begin of begins.splice(0)) begin();
      await new Promise(setImmediate);
    },
  };
}

function connect(turns: Turns) {
  const socket = new Duplex({ read: () => {}, write: (_bytes, _coding, done) => done() });
  const parsed: Buffer[] = [];
  const parse = (bytes: Buffer): void => void parsed.push(bytes);
  socket.on('data', parse);
  new Connection({ socket: socket as Socket, parse, onRequest: () => {}, turns });
  return { socket, parsed };
}

test('what comes at once is parsed in small pieces, turn by turn, and nothing of it is lost', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  const { socket, parsed } = connect(turns);
  const sent = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251));
  socket.push(sent);
  let before = 0;
  do {
    await next();
    expect(parsed.length - before).toBeLessThanOrEqual(5);
    before = parsed.length;
  } while (isWaitedFor());
  expect(Math.max(...parsed.map(({ length }) => length))).toBeLessThanOrEqual(2048);
  expect(Buffer.concat(parsed).equals(sent)).toBe(true);
});

test('of many connections one goes on in each turn, after the piece that each had', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  const all = Array.from({ length: 20 }, () => connect(turns));
  for (const { socket } of all) socket.push(Buffer.alloc(16_000));
  const count = () => all.reduce((sum, { parsed }) => sum + parsed.length, 0);
  await next();
  expect(count()).toBeLessThanOrEqual(20 + 5);
  for (let before = count(); isWaitedFor(); before = count()) {
    await next();
    expect(count() - before).toBeLessThanOrEqual(5);
  }
  expect(count()).toBe(20 * 8);
});

test('a socket that is resumed by somebody else waits for its turn all the same', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  const { socket, parsed } = connect(turns);
  const parse = parsed.push.bind(parsed);
  // As Node does for each part of a body that is read.
  parsed.push = (bytes: Buffer) => {
    setImmediate(() => socket.resume());
    queueMicrotask(() => queueMicrotask(() => socket.resume()));
    return parse(bytes);
  };
  socket.push(Buffer.alloc(50_000));
  let before = 0;
  do {
    await next();
    await new Promise(setImmediate);
    expect(parsed.length - before).toBeLessThanOrEqual(5);
    before = parsed.length;
  } while (isWaitedFor());
  expect(parsed.reduce((sum, { length }) => sum + length, 0)).toBe(50_000);
});

test('the end of the connection comes after all of its bytes', async () => {
  const { turns, next, isWaitedFor } = slowTurns();
  const { socket, parsed } = connect(turns);
  const ended = once(socket, 'end').then(() => parsed.reduce((sum, { length }) => sum + length, 0));
  socket.push(Buffer.alloc(30_000));
  socket.push(null);
  await next();
  while (isWaitedFor()) await next();
  expect(await ended).toBe(30_000);
});
