import { expect, test } from 'vitest';
import { readableQuery } from './go-query.ts';

test.each([
  ['', ''],
  ['a=b&&c=%20+d', 'a=b&&c=%20+d'],
  ['x=1;watch=true', ''],
  ['a=1&x=1;watch=true&b=2', 'a=1&b=2'],
  ['a=%zz&b=2', 'b=2'],
  ['%=1&b=%4', ''],
  ['a=%3b', 'a=%3b'],
])('of "%s" is read "%s"', (query, read) => {
  expect(readableQuery(query)).toBe(read);
});
