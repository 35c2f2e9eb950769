import { expect, it } from 'vitest';
import { FakeClock } from './clock.ts';
import type { Context } from './context.ts';
import { silentLogger } from './logger.ts';
import { sleepUntil } from './sleep-until.ts';

const day = 24 * 60 * 60_000;

function sleeping(until: number) {
  const clock = new FakeClock();
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
  const told: string[] = [];
  void sleepUntil(new Date(clock.now().getTime() + until), ctx).then(
    () => told.push('woke'),
    (reason: unknown) => told.push(String(reason)),
  );
  return { clock, controller, told };
}

it('wakes at the moment, however far it is', async () => {
  const { clock, told } = sleeping(100 * day);
  await clock.advance(100 * day - 1);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['woke']);
});

it('does not sleep for what has passed', async () => {
  const { clock, told } = sleeping(-1);
  await clock.advance(0);
  expect(told).toEqual(['woke']);
});

it('ends with its caller', async () => {
  const { clock, controller, told } = sleeping(day);
  controller.abort('stop');
  await clock.advance(0);
  expect(told).toEqual(['stop']);
});
