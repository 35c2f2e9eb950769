import { expect, test } from 'vitest';
import { isKnownTo } from './if-none-match.ts';

test.each([
  [undefined, false],
  ['', false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", W/"c,\\" , "a"', true],
  [' * ', true],
  ['"b"', false],
  ['a', false],
  ['"*"', false],
])('who says %j has "a" already: %j', (header, expected) => {
  expect(isKnownTo(header, '"a"')).toBe(expected);
});
