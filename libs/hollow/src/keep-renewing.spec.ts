import { childContext, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { keepRenewing } from './keep-renewing.ts';

/** Notes when each was renewed, in seconds since the beginning. `renew` decides how that goes. */
function begin(count: number, renew: (name: string, clock: FakeClock) => Promise<unknown> = async () => {}) {
  const clock = new FakeClock();
  const { ctx, controller } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  const began = clock.monotonic();
  const times = new Map<string, number[]>();
  const failures: string[] = [];
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const done = keepRenewing(
    names,
    {
      every: 25_000,
      atOnce: 4,
      againAfter: 5_000,
      async renew(name) {
        times.set(name, [...(times.get(name) ?? []), (clock.monotonic() - began) / 1000]);
        await renew(name, clock);
      },
      failed: (name) => failures.push(name),
    },
    ctx,
  );
  done.catch(() => {});
  onTestFinished(() => controller.abort());
  return { clock, times, failures, done, controller };
}
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, i) => time - times[i]!);

it('each has its turn once per round, those of one second together', async () => {
  const { clock, times } = begin(50);
  await clock.advance(75_000);
  expect([...times.values()].map((each) => [each[0], ...gaps(each)])).toEqual(
    Array.from({ length: 50 }, (_, i) => [Math.ceil((i + 1) / 2), 25, 25]),
  );
});

it('work that takes half of the time there is makes no round longer', async () => {
  const { clock, times } = begin(50, (_, time) => time.sleep(1_000, new AbortController().signal));
  await clock.advance(400_000);
  for (const each of times.values()) expect(Math.max(...gaps(each))).toBe(25);
});

it('one that failed has its turn again soon, and the others theirs', async () => {
  const refused = new Set(['n3']);
  const { clock, times, failures } = begin(10, async (name) => {
    if (refused.delete(name)) throw new Error('no');
  });
  await clock.advance(60_000);
  expect(failures).toEqual(['n3']);
  expect(gaps(times.get('n3')!)).toEqual([5, 25]);
  expect(gaps(times.get('n4')!)).toEqual([25]);
});

it('after a stall all that are overdue have their turn at once, and then a whole round', async () => {
  const { clock, times } = begin(100);
  await clock.advance(25_000);
  await clock.stall(100_000);
  expect([...times.values()].map((each) => each[1])).toEqual(times.size === 100 ? Array(100).fill(125) : []);
  await clock.advance(25_000);
  expect([...times.values()].map((each) => each[2])).toEqual(Array(100).fill(150));
});

it('ends when it is told to', async () => {
  const { clock, done, controller } = begin(3);
  await clock.advance(30_000);
  controller.abort(new Error('enough'));
  await expect(done).rejects.toThrow('enough');
});
