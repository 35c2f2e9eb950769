import { FakeClock } from '@kubernest/kit';
import { expect, test } from 'vitest';
import { paced } from './paced.ts';

function begun() {
  const clock = new FakeClock();
  const done: (string | undefined)[] = [];
  return { clock, done, turn: paced<string | undefined>((value) => done.push(value), 500, { clock }) };
}

test('what is asked for once is done at once', async () => {
  const { clock, done, turn } = begun();
  turn.to(undefined);
  expect(done).toEqual([undefined]);
  await clock.advance(60_000);
  turn.to('b');
  expect(done).toEqual([undefined, 'b']);
});

test('of a flood the first is done, then the last of each while', async () => {
  const { clock, done, turn } = begun();
  for (let n = 0; n < 10_000; n++) turn.to(`first-${n}`);
  expect(done).toEqual(['first-0']);
  await clock.advance(500);
  expect(done).toEqual(['first-0', 'first-9999']);
  turn.to('a');
  turn.to(undefined);
  await clock.advance(499);
  expect(done).toHaveLength(2);
  await clock.advance(1);
  expect(done.slice(2)).toEqual([undefined]);
});

test('after its end nothing comes', async () => {
  const { clock, done, turn } = begun();
  turn.to('a');
  turn.to('b');
  turn.stop();
  turn.to('c');
  await clock.advance(60_000);
  expect(done).toEqual(['a']);
});
