import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paced, type Steps } from './steps.ts';
import { TURN_MS, turnsOfTheProcess } from './turns.ts';

let now = 0;
beforeEach(async () => {
  // The turn of what was before is over.
  await nextTurn();
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** How long each turn took in which `work` was done. */
async function turnsOf(work: () => Promise<unknown>): Promise<readonly number[]> {
  const perTurn: number[] = [];
  let over = false;
  const turns = (async () => {
    while (!over) {
      const before = now;
      await nextTurn();
      perTurn.push(now - before);
    }
  })();
  await work();
  over = true;
  await turns;
  return perTurn;
}

it('many who are paced at once share a turn', async () => {
  function* work(): Steps<number> {
    for (let i = 0; i < 40; i++) {
      now++;
      yield;
    }
    return 40;
  }
  let done: readonly number[] = [];
  const perTurn = await turnsOf(async () => {
    done = await Promise.all(Array.from({ length: 20 }, () => paced(work())));
  });
  expect(done).toEqual(Array.from({ length: 20 }, () => 40));
  expect(now).toBe(20 * 40);
  // Together they take no more of a turn than one alone does.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(TURN_MS);
});

it('of steps that each take a whole turn there is one in a turn, from each who waits in its order', async () => {
  const order: number[] = [];
  function* work(who: number): Steps<void> {
    for (let i = 0; i < 3; i++) {
      now += 8;
      order.push(who);
      yield;
    }
  }
  const perTurn = await turnsOf(() => Promise.all([0, 1, 2, 3].map((who) => paced(work(who)))));
  expect(Math.max(...perTurn)).toBe(8);
  // The first had begun before there was anybody else.
  expect(order).toEqual([0, 0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3]);
});

it('small pieces of work do not wait for a step of everything long before each of their own, and nothing long waits for ever', async () => {
  const order: string[] = [];
  function* work(name: string, steps: number, takes: number): Steps<void> {
    for (let i = 0; i < steps; i++) {
      now += takes;
      order.push(name);
      yield;
    }
  }
  const long = Array.from({ length: 20 }, () => paced(work('long', 30, 8)));
  // Until all of them have been at it for long.
  while (order.length < 20 * 12) await nextTurn();
  order.length = 0;
  const write = async () => {
    for (let part = 0; part < 5; part++) await paced(work('small', 4, 0.1));
  };
  await write();
  const before = order.filter((name) => name === 'long').length;
  expect(order.length - before).toBe(20);
  // Two for each part, of which there are five, where each of twenty was waited for before each step.
  expect(before).toBeLessThanOrEqual(2 * 5 + 1);
  const others = Promise.all(Array.from({ length: 200 }, write));
  order.length = 0;
  await others;
  expect(order.indexOf('long')).toBeLessThan(order.lastIndexOf('small'));
  await Promise.all(long);
});

it('goes on by a step in each turn, though others have used the turn up before', async () => {
  let isGoingOn = true;
  const spend = (): void => {
    turnsOfTheProcess.isOver();
    now += TURN_MS;
    if (isGoingOn) turnsOfTheProcess.later(spend);
  };
  turnsOfTheProcess.later(spend);
  await nextTurn();
  function* work(): Steps<string> {
    for (let i = 0; i < 20; i++) yield;
    return 'done';
  }
  expect(await paced(work())).toBe('done');
  isGoingOn = false;
});
