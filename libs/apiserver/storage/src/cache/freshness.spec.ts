import { expect, test } from 'vitest';
import { Freshness } from './freshness.ts';

const patient = new AbortController();

test('who gives up is forgotten, whatever he waits for, and nobody else', async () => {
  const freshness = new Freshness(async () => 7);
  const hurried = new AbortController();
  const given = [freshness.until(1_000_000, hurried), freshness.current(hurried)];
  const others = [freshness.until(7, patient), freshness.current(patient)];
  while (freshness.waiting < 4) await new Promise(setImmediate);
  hurried.abort(new Error('too late'));
  expect((await Promise.allSettled(given)).map((each) => each.status === 'rejected' && String(each.reason))).toEqual([
    'Error: too late',
    'Error: too late',
  ]);
  expect(freshness.waiting).toBe(2);
  freshness.advance(7);
  await Promise.all(others);
  expect(freshness.waiting).toBe(0);
});

test('who has given up before he asks does not wait', async () => {
  const freshness = new Freshness(async () => 7);
  await expect(freshness.until(7, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  expect(freshness.waiting).toBe(0);
});

test('a cache that begins anew lets all go who wait for it', async () => {
  const freshness = new Freshness(async () => 7);
  const waiting = freshness.until(7, patient);
  freshness.fail(new Error('begins anew'));
  await expect(waiting).rejects.toThrow('begins anew');
  expect(freshness.waiting).toBe(0);
});

test('who need not wait is asked for no signal, which costs as much as a part of the answer', async () => {
  const freshness = new Freshness(() => Promise.resolve(5));
  freshness.advance(5);
  const asker = {
    get signal(): AbortSignal {
      throw new Error('asked for');
    },
  };
  await freshness.current(asker);
  await freshness.until(5, asker);
  await expect(freshness.until(6, asker)).rejects.toThrow('asked for');
});
