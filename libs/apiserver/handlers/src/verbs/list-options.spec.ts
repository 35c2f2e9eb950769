import { expect, test } from 'vitest';
import { parseListQuery } from './list-options.ts';

test.each([
  ['', undefined],
  ['timeoutSeconds=0', 0],
  ['timeoutSeconds=-9223372036854775808', -(2 ** 63)],
  ['timeoutSeconds=2147483', 2_147_483],
  ['timeoutSeconds=2147484', 2_147_483],
  ['timeoutSeconds=9223372036854775807', 2_147_483],
])('%j is to last %s seconds, and no longer than a timer can count', (query, seconds) => {
  expect(parseListQuery(new URLSearchParams(query)).timeoutSeconds).toBe(seconds);
});
