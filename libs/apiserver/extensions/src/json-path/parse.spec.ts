import { expect, it } from 'vitest';
import { parseJsonPath } from './parse.ts';

const [slashes, blanks, digits] = ['\\'.repeat(300_001), ' '.repeat(300_000), '1'.repeat(300_000)];

// What is not linear here does not end.
it.each<[string, string]>([
  ['a quoted name', `.spec['${slashes}`],
  ['a name in double quotes', `["${slashes}`],
  ['a filter', `[?(@${slashes}`],
  ['the value of a filter', `[?(@.a=="${slashes}`],
  ['a filter’s blanks', `[?(@.a${blanks}==${blanks}1${blanks}`],
  ['blanks', `[${blanks}`],
  ['blanks around an index', `[${blanks}1${blanks}`],
  ['blanks around a slice', `[${blanks}1${blanks}:${blanks}2${blanks}:${blanks}`],
  ['digits', `[${digits}:${digits}:${digits}`],
])('%s that does not end is read in linear time, and leads nowhere', (_, path) => {
  expect(parseJsonPath(path)).toBeUndefined();
});

it.each([
  [`['a\\'b']`, "a'b"],
  ['["a\\\\b"]', 'a\\b'],
  ['.a\\.b', 'a.b'],
  ["[ 'a]' ]", 'a]'],
])('%s names the field %s', (path, name) => {
  expect(parseJsonPath(path)).toEqual([{ type: 'field', name }]);
});

it.each([
  ['[1:2:3]', { from: 1, to: 2, by: 3 }],
  ['[ -1 : ]', { from: -1 }],
  ['[:2]', { to: 2 }],
  ['[:]', {}],
  ['[::2]', { by: 2 }],
])('%s is a slice', (path, slice) => {
  expect(parseJsonPath(path)).toEqual([{ type: 'slice', from: undefined, to: undefined, by: undefined, ...slice }]);
});
