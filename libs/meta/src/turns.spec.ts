import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

const clock = () => {
  let now = 0;
  return { now: () => now, pass: (by: number) => (now += by) };
};
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('a turn lasts for five milliseconds of work', async () => {
  const time = clock();
  const turns = new Turns(time);
  expect(turns.next()).toBeUndefined();
  time.pass(4);
  expect(turns.next()).toBeUndefined();
  time.pass(1);
  const next = turns.next();
  expect(next).toBeInstanceOf(Promise);
  await next;
  expect(turns.next()).toBeUndefined();
});

it('time in which nobody works is no part of a turn', async () => {
  const time = clock();
  const turns = new Turns(time);
  turns.next();
  await turn();
  time.pass(1000);
  expect(turns.next()).toBeUndefined();
});

it('those who wait go on one in a turn, in the order they came, and nobody goes before them', async () => {
  const time = clock();
  const turns = new Turns(time);
  turns.next();
  time.pass(5);
  const went: string[] = [];
  const work = async (name: string): Promise<void> => {
    await turns.next();
    went.push(name);
    time.pass(100);
  };
  const all = Promise.all(['a', 'b', 'c'].map(work));
  const byTurn: number[] = [];
  while (went.length < 3) {
    await turn();
    byTurn.push(went.length);
  }
  await all;
  expect(went).toEqual(['a', 'b', 'c']);
  expect([...new Set(byTurn)].filter((count) => count > 0)).toEqual([1, 2, 3]);
});
