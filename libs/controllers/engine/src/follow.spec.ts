import { expect, it } from 'vitest';
import { follow } from './follow.ts';

function* lasting(count: number, taken: number[]): Generator<void, string> {
  for (let i = 0; i < count; i++) {
    taken.push(i);
    yield;
  }
  return 'found';
}

it('while the turn lasts it is all done at once', () => {
  const found: string[] = [];
  expect(follow(lasting(3, []), { next: () => undefined }, (one) => found.push(one))).toBeUndefined();
  expect(found).toEqual(['found']);
});

it('once the turn is over it goes on in the next', async () => {
  const [found, taken]: [string[], number[]] = [[], []];
  let others = 0;
  const next = () =>
    taken.length % 2 === 0 ? new Promise<void>((go) => setImmediate(() => go(void others++))) : undefined;
  const done = follow(lasting(5, taken), { next }, (one) => found.push(one));
  expect(taken).toEqual([0, 1]);
  await done;
  expect([found, taken.length, others]).toEqual([['found'], 5, 2]);
});

it('what a later step throws is told to who waits', async () => {
  function* failing(): Generator<void, never> {
    yield;
    throw new Error('no');
  }
  await expect(follow(failing(), { next: () => Promise.resolve() }, () => {})).rejects.toThrow('no');
});
