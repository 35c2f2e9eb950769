import { expect, it } from 'vitest';
import { spend, TooMuchWorkError, withinWork } from './bounded-work.ts';
import { atOnce, type Steps } from './steps.ts';

function* spending(...units: readonly number[]): Steps<string> {
  for (const each of units) {
    spend(each);
    yield;
  }
  return 'done';
}

it('as much as is allowed is done, and no more, in one step or many', () => {
  expect(atOnce(withinWork(spending(4, 6), 10))).toBe('done');
  expect(() => atOnce(withinWork(spending(4, 7), 10))).toThrow(TooMuchWorkError);
  expect(() => atOnce(withinWork(spending(11), 10))).toThrow(TooMuchWorkError);
});

it('of who takes steps in turn each has its own bound, and who has none does what it likes', () => {
  const [one, other] = [withinWork(spending(6, 6), 10), withinWork(spending(6, 4), 10)];
  one.next();
  other.next();
  spend(1000);
  expect(() => one.next()).toThrow(TooMuchWorkError);
  other.next();
  expect(other.next()).toEqual({ done: true, value: 'done' });
});

it('a bound within another ends with its steps', () => {
  function* outer(): Steps<void> {
    expect(() => atOnce(withinWork(spending(6), 5))).toThrow(TooMuchWorkError);
    spend(10);
  }
  expect(() => atOnce(withinWork(outer(), 10))).not.toThrow();
});
