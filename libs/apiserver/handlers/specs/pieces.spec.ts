import { setImmediate as nextTurn } from 'node:timers/promises';
import { PIECE, PieceMaker, SpareBuffers } from '@kubernest/apiserver/codec';
import { wholeOf } from '@kubernest/apiserver/contract';
import { silentLogger, systemClock } from '@kubernest/kit';
import { requestFor } from '@kubernest/testkit/server';
import { expect, test, vi } from 'vitest';
import { contentResponse, packed } from '../src/answers/responses.ts';

const controller = new AbortController();
const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const part = (length: number, sign = 'x') => Buffer.alloc(length, sign);

function counted(count: number, length: number) {
  const made = { parts: 0, isOver: false };
  function* parts() {
    try {
      for (; made.parts < count; made.parts++) yield part(length);
    } finally {
      made.isOver = true;
    }
  }
  return { made, parts: parts() };
}

test.each([
  ['many small', [...Array(1000)].map(() => 1000)],
  ['one that fits', [PIECE]],
  ['one that does not', [PIECE + 1]],
  ['small before large', [10, 3 * PIECE, 10, PIECE, 1]],
  ['none', []],
  ['empty ones', [0, 0]],
])('%s: in pieces they are the same bytes', async (_, lengths) => {
  const parts = lengths.map((length, i) => part(length, String.fromCharCode(97 + (i % 26))));
  const taken: Buffer[] = [];
  for await (const piece of new PieceMaker(parts, new SpareBuffers(), ctx)) taken.push(Buffer.from(piece));
  expect(Buffer.concat(taken).equals(Buffer.concat(parts))).toBe(true);
  for (const { length } of taken) expect(length).toBeLessThanOrEqual(PIECE);
});

test.each([false, true])(
  'no more is made than is taken, and nothing once nobody takes it (packed: %s)',
  async (isPacked) => {
    const { made, parts } = counted(100_000, 1000);
    const content = { status: 200, contentType: 'x', content: parts };
    const answer = await contentResponse(content, new SpareBuffers(), ctx);
    const request = requestFor('GET /', undefined, { 'accept-encoding': isPacked ? 'gzip' : '' });
    const sent = await packed(request, answer);
    if (sent.kind !== 'pieces') throw new Error('one piece');
    const partsAPiece = PIECE / 1000;
    let pieces = 0;
    for await (const _ of sent.pieces) {
      pieces++;
      if (!isPacked) expect(made.parts).toBeLessThanOrEqual((pieces + 1) * partsAPiece + 1);
      if (pieces === 3) break;
    }
    while (!made.isOver) await new Promise((resolve) => setImmediate(resolve));
    expect(made.parts).toBeLessThan(100_000);
  },
);

test('what fails on its way fails its answer, packed or not', async () => {
  function* parts() {
    for (let i = 0; i < 1000; i++) yield part(1000);
    throw new Error('broken');
  }
  for (const encoding of ['', 'gzip']) {
    const content = { status: 200, contentType: 'x', content: parts() };
    const answer = await contentResponse(content, new SpareBuffers(), ctx);
    const request = requestFor('GET /', undefined, { 'accept-encoding': encoding });
    await expect(packed(request, answer).then(wholeOf)).rejects.toThrow('broken');
  }
});

test('a request that is over is not worked on', async () => {
  function* endless() {
    for (;;) yield undefined;
  }
  const gone = new Error('gone');
  const first = new PieceMaker(endless(), new SpareBuffers(), { ...ctx, signal: controller.signal }).first();
  setImmediate(() => controller.abort(gone));
  await expect(first).rejects.toBe(gone);
});

test('of many who begin at once one is served in a turn where a step takes all of it', async () => {
  await nextTurn();
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  let inTurn = 0;
  let most = 0;
  function* dear() {
    now += 10;
    most = Math.max(most, ++inTurn);
    yield part(10);
  }
  let isOver = false;
  const turns = (async () => {
    for (; !isOver; inTurn = 0) await nextTurn();
  })();
  const firsts = [...Array(20)].map(() => new PieceMaker(dear(), new SpareBuffers(), ctx).first());
  expect((await Promise.all(firsts)).every(({ last }) => last)).toBe(true);
  isOver = true;
  await turns;
  clock.mockRestore();
  expect(most).toBe(1);
});
