import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { paced, type Steps, TURN_MS } from './steps.ts';

afterEach(() => vi.restoreAllMocks());

it('many who are paced at once share a turn', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const perTurn: number[] = [];
  let over = false;
  const turns = (async () => {
    while (!over) {
      const before = now;
      await nextTurn();
      perTurn.push(now - before);
    }
  })();
  function* work(): Steps<number> {
    for (let i = 0; i < 40; i++) {
      now++;
      yield;
    }
    return 40;
  }
  const done = await Promise.all(Array.from({ length: 20 }, () => paced(work())));
  over = true;
  await turns;
  expect(done).toEqual(Array.from({ length: 20 }, () => 40));
  expect(now).toBe(20 * 40);
  // Each takes a step, and together they take no more turn than one alone.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(20 + TURN_MS);
});
