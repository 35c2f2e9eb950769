import { expect, it } from 'vitest';
import { FakeClock, systemClock, turnsTaken } from './clock.ts';

it('lets time pass only up to what somebody waits for, also for who begins to wait later', async () => {
  const clock = new FakeClock();
  const signal = new AbortController().signal;
  const began = clock.monotonic();
  const later = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.sleep(300, signal);
    await clock.sleep(200, signal);
    return clock.monotonic() - began;
  };
  expect(await clock.passUntil(later())).toBe(500);
  await expect(clock.passUntil(Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.monotonic() - began).toBe(500);
});

it('takes what was due before now as due now, without a warning of Node', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  await systemClock.sleep(-10, new AbortController().signal);
  await new Promise<void>((resolve) => systemClock.after(-10, resolve));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

it('stands still until all that goes on without it has come to rest', async () => {
  let turns = 0;
  const takeTurns = (left: number): void => {
    turns++;
    if (left > 1) setImmediate(takeTurns, left - 1);
  };
  const clock = new FakeClock(undefined, turnsTaken);
  const seen: number[] = [];
  clock.after(100, () => setImmediate(takeTurns, 30));
  clock.after(200, () => seen.push(turns));
  // Who settles at the same time does not wait for the other for ever.
  await Promise.all([clock.advance(200), turnsTaken(), turnsTaken()]);
  expect(seen).toEqual([30]);
});

it('fires late, in the order it was due, what fell due in a stall', async () => {
  const clock = new FakeClock();
  const began = clock.monotonic();
  const fired: [string, number][] = [];
  const note = (name: string) => () => void fired.push([name, clock.monotonic() - began]);
  clock.after(200, note('second'));
  clock.after(100, note('first'));
  clock.after(6_000, note('not yet'));
  await clock.stall(5_000);
  expect(fired).toEqual([
    ['first', 5_000],
    ['second', 5_000],
  ]);
});
