import { expect, it } from 'vitest';
import { queryInteger } from './query-integer.ts';

const asked = (query: string): number | undefined => queryInteger(new URLSearchParams(query), 'n');

it.each([
  ['', undefined],
  ['m=1', undefined],
  ['n=0', 0],
  ['n=-3', -3],
  ['n=%2B3', 3],
  ['n=1&n=2', 1],
  ['n=9223372036854775807', 2 ** 63],
  ['n=-9223372036854775808', -(2 ** 63)],
])('%j asks for %s', (query, number) => {
  expect(asked(query)).toBe(number);
});

it.each([
  ['n=', 'strconv.ParseInt: parsing "": invalid syntax'],
  ['n=1.5', 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  ['n=0x1', 'strconv.ParseInt: parsing "0x1": invalid syntax'],
  ['n=-9223372036854775809', 'strconv.ParseInt: parsing "-9223372036854775809": value out of range'],
  ['n=9223372036854775808', 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
])('%j is refused', (query, message) => {
  expect(() => asked(query)).toThrow(expect.objectContaining({ code: 400, message }));
});
