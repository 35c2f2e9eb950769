import { Duplex } from 'node:stream';
import { Turns } from '@kubernest/meta';
import { expect, test } from 'vitest';
import { SpdyConnection } from './connection.ts';
import { controlFrame, dataHead, frameType, words } from './frames.ts';

const FRAMES = 3000;
const ping = controlFrame(frameType.ping, 0, words(1));
const settled = () => new Promise(setImmediate);

test.each([
  ['pings', ping],
  ['empty data', dataHead(99, false, 0)],
  ['resets', controlFrame(frameType.rstStream, 0, words(7, 5))],
])('of thousands of frames (%s) that come at once a few are worked on in a turn', async (_what, frame) => {
  const begins: (() => void)[] = [];
  let now = 0;
  const turns = new Turns({ now: () => (now += 2), nextTurn: (begin) => void begins.push(begin) });
  let written = 0;
  const write = (_bytes: Buffer, _coding: string, done: () => void): void => {
    written++;
    done();
  };
  const socket = new Duplex({ read() {}, write });
  new SpdyConnection(socket, { side: 'server', turns });
  socket.push(Buffer.concat(Array<Buffer>(FRAMES).fill(frame)));
  await settled();
  let count = 0;
  for (; begins.length > 0; count++) {
    const before = written;
    for (const begin of begins.splice(0)) begin();
    await settled();
    expect(written - before).toBeLessThanOrEqual(3);
  }
  expect(count).toBeGreaterThanOrEqual(FRAMES / 3);
  expect(written).toBe(frame === ping ? FRAMES : 0);
});

test('who does not read the answers to its pings is asked for no more, and goes on once it does', async () => {
  let [written, isRead] = [0, false];
  const unread: (() => void)[] = [];
  const socket = new Duplex({
    read() {},
    write(bytes: Buffer, _coding, done) {
      written += bytes.length;
      if (isRead) done();
      else unread.push(done);
    },
  });
  new SpdyConnection(socket, { side: 'server' });
  const pings = 100_000;
  socket.push(Buffer.concat(Array<Buffer>(pings).fill(ping)));
  const most = socket.writableHighWaterMark + ping.length;
  while (!socket.writableNeedDrain) await settled();
  for (let turn = 0; turn < 100; turn++) await settled();
  expect(socket.writableLength).toBeLessThanOrEqual(most);
  isRead = true;
  for (const done of unread.splice(0)) done();
  while (written < pings * ping.length) await settled();
  expect(socket.writableLength).toBe(0);
});
