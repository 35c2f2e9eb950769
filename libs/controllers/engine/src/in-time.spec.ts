import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, expect, it, vi } from 'vitest';
import { InTime } from './in-time.ts';

const never = new Promise<void>(() => {});

let end: AbortController;
let clock: FakeClock;
let ctx: Context;
let inTime: InTime;
beforeEach(() => {
  end = new AbortController();
  clock = new FakeClock();
  ctx = { signal: end.signal, clock, log: silentLogger };
  inTime = new InTime(10_000, ctx);
});

it.each([
  ['what is waited for is there', () => Promise.resolve(), async () => {}],
  ['it fails', () => Promise.reject(new Error('in vain')), async () => {}],
  ['it was waited for long enough', () => never, () => clock.advance(10_000)],
  ['all is over', () => never, async () => end.abort()],
])('is done when %s', async (_, what, happens) => {
  const done = inTime.wait(what());
  await happens();
  await expect(done).resolves.toBeUndefined();
});

it('waits for nothing when all is over', async () => {
  end.abort();
  await expect(inTime.wait(never)).resolves.toBeUndefined();
});

it('however many are waited for, the signal has one listener, and each is let go', async () => {
  const listens = vi.spyOn(ctx.signal, 'addEventListener');
  const derives = vi.spyOn(AbortSignal, 'any');
  const all = Array.from({ length: 1000 }, () => inTime.wait(never));
  expect([listens, derives].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  end.abort();
  await expect(Promise.all(all)).resolves.toHaveLength(1000);
});
