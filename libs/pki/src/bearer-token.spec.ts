import { expect, it } from 'vitest';
import { bearerTokenOf } from './bearer-token.ts';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['  BEARER abc  ', 'abc'],
  ['Bearer abc and more', 'abc'],
  ['Bearer a.b-c_d~e+f/g=', 'a.b-c_d~e+f/g='],
  ['Bearer  abc', ''],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer\tabc', undefined],
  ['Basic abc', undefined],
  ['Bearerabc', undefined],
  ['abc', undefined],
  ['', undefined],
  [undefined, undefined],
])('of the header %j the token is %j', (header, token) => {
  expect(bearerTokenOf(header)).toBe(token);
});
