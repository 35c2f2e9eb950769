import { FakeClock } from '@kubernest/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkQueue } from './work-queue.ts';

type Step = {
  readonly do: 'add' | 'after' | 'retry' | 'take' | 'done' | 'pass';
  readonly key: number;
  readonly by: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('add', 'after', 'retry', 'take', 'done', 'pass'),
  key: fc.integer({ min: 0, max: 3 }),
  by: fc.integer({ min: 1, max: 50 }),
});

describe('a work queue', () => {
  it('never loses a key, never has one in work twice at once, and hands out nothing that was not added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new FakeClock();
        const queue = new WorkQueue({ clock });
        const working = new Set<string>();
        /** Keys that must still be handed out at some time. */
        const owed = new Set<string>();
        const added = new Map<string, number>();
        const count = (key: string, by: number) => added.set(key, (added.get(key) ?? 0) + by);
        const take = async (): Promise<void> => {
          const key = (await queue.take())!;
          expect(working.has(key)).toBe(false);
          owed.delete(key);
          count(key, -1);
          expect(added.get(key)).toBeGreaterThanOrEqual(0);
          working.add(key);
        };
        const finish = (key: string): void => {
          working.delete(key);
          queue.done(key);
        };
        for (const { do: what, key: n, by } of steps) {
          const key = `k${n}`;
          if (what === 'pass') await clock.advance(by);
          else if (what === 'take') {
            if (queue.length > 0) await take();
          } else if (what === 'done') {
            if (working.has(key)) finish(key);
          } else {
            owed.add(key);
            count(key, 1);
            if (what === 'add') queue.add(key);
            else if (what === 'after') queue.addAfter(key, by);
            else queue.retry(key);
          }
        }
        for (const key of [...working]) finish(key);
        await clock.advance(2_000_000);
        while (queue.length > 0) {
          await take();
          for (const key of [...working]) finish(key);
        }
        expect([...owed]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('hands keys out in the order they came, once each', async () => {
    const queue = new WorkQueue({ clock: new FakeClock() });
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual(['a', 'b', 'c']);
    expect(queue.length).toBe(0);
  });

  it('doubles the wait of a key that fails and starts over after a success', () => {
    const queue = new WorkQueue({ clock: new FakeClock(), initial: 10, max: 100 });
    expect([1, 2, 3, 4, 5].map(() => queue.retry('a'))).toEqual([10, 20, 40, 80, 100]);
    expect(queue.retry('b')).toBe(10);
    queue.forget('a');
    expect(queue.retry('a')).toBe(10);
  });

  it('lets the earlier of two delays count', async () => {
    const clock = new FakeClock();
    const queue = new WorkQueue({ clock });
    queue.addAfter('a', 1000);
    queue.addAfter('a', 100);
    queue.addAfter('a', 500);
    await clock.advance(99);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(queue.length).toBe(1);
    await queue.take();
    queue.done('a');
    await clock.advance(2000);
    expect(queue.length).toBe(0);
  });

  it('sends its takers home when closed', async () => {
    const queue = new WorkQueue({ clock: new FakeClock() });
    const takers = Promise.all([queue.take(), queue.take()]);
    queue.close();
    expect(await takers).toEqual([undefined, undefined]);
    queue.add('late');
    expect(await queue.take()).toBeUndefined();
  });
});
