import { expect, it } from 'vitest';
import { ageOf, humanDuration } from './human-duration.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

it.each([
  [-2, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [2 * minute, '2m'],
  [3 * minute + 20, '3m20s'],
  [10 * minute + 20, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [7 * hour + 59 * minute, '7h59m'],
  [8 * hour + 59 * minute, '8h'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [2 * day + 5 * hour, '2d5h'],
  [8 * day + 5 * hour, '8d'],
  [729 * day, '729d'],
  [2 * year, '2y'],
  [2 * year + 19 * day, '2y19d'],
  [8 * year + 3 * day, '8y'],
])('prints %d seconds as %s', (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

it('says <unknown> of a moment that is not there', () => {
  const now = new Date('2026-11-24T10:00:00Z');
  expect(ageOf(undefined, now)).toBe('<unknown>');
  expect(ageOf(null, now)).toBe('<unknown>');
  expect(ageOf('2026-11-19T09:00:00Z', now)).toBe('5d1h');
});
