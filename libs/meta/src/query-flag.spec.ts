import { expect, test } from 'vitest';
import { queryFlag } from './query-flag.ts';

test.each([
  [null, false],
  ['false', false],
  ['False', false],
  ['0', false],
  ['', true],
  ['true', true],
  ['no', true],
])('%j means %s', (value, said) => {
  expect(queryFlag(value)).toBe(said);
});
