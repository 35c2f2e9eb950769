import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { WorkLoop } from './work-loop.ts';

type Step = (loop: WorkLoop) => unknown;

/** A loop whose work is these steps, one each time, and nothing after them. */
function loopOf(...steps: readonly Step[]) {
  const stop = new AbortController();
  const clock = new FakeClock();
  const ctx: Context = { signal: stop.signal, clock, log: silentLogger };
  const failed: number[] = [];
  let done = 0;
  const work = {
    sync: async () => void (await steps[done++]?.(loop)),
    failed: (_error: unknown, times: number) => void failed.push(times),
  };
  const loop = new WorkLoop(work, ctx);
  /** What has been done so long after the last time. */
  const after = async (time: number) => {
    await clock.advance(time);
    return done;
  };
  return { loop, clock, stop, failed, after };
}
const fails: Step = () => Promise.reject(new Error('no'));

it('does it once more when it is woken meanwhile, however often', async () => {
  const { loop, after } = loopOf((own) => [own.wake(), own.wake()]);
  loop.wake();
  loop.wake();
  expect(await after(0)).toBe(2);
});

it('does it at the time that was named last', async () => {
  const { loop, clock, after } = loopOf((own) => {
    own.wakeAt(+clock.now() + 10);
    own.wakeAt(+clock.now() + 100);
  });
  loop.wake();
  expect([await after(99), await after(1), await after(1000)]).toEqual([1, 2, 2]);
});

it('tries again after a fault, twice as late each time until it is ten seconds, and from the start after a success', async () => {
  const { loop, failed, after } = loopOf(...Array.from({ length: 8 }, () => fails), () => {}, fails);
  loop.wake();
  let done = await after(0);
  for (const wait of [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
    expect(await after(wait - 1)).toBe(done);
    expect(await after(1)).toBe(++done);
  }
  loop.wake();
  expect([await after(0), await after(249), await after(1)]).toEqual([10, 10, 11]);
  expect(failed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
});

it('does anew at once what was interrupted, and that is no fault', async () => {
  const { loop, failed, after } = loopOf(
    (own) => {
      own.interrupt('why');
      own.interrupted.throwIfAborted();
    },
    (own) => own.interrupted.throwIfAborted(),
  );
  loop.wake();
  expect([await after(0), failed]).toEqual([2, []]);
});

it.each<[string, (loop: WorkLoop, stop: AbortController) => void]>([
  ['it is ended', (loop) => loop.end()],
  ['its caller is gone', (_, stop) => stop.abort()],
])('does it no more when %s', async (_, end) => {
  const { loop, stop, after } = loopOf((own) => own.wakeAt(0), fails);
  loop.wake();
  const before = await after(0);
  end(loop, stop);
  loop.wake();
  expect(await after(20_000)).toBe(before);
});
