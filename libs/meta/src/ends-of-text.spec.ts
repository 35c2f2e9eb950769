import fc from 'fast-check';
import { expect, it } from 'vitest';
import { before, withoutEnd } from './ends-of-text.ts';

it.each([
  ['/a//b//', '/', '/a//b'],
  ['///', '/', ''],
  ['', '/', ''],
  ['a.b-.-', '-.', 'a.b'],
  ['a', '/', 'a'],
])('%s without %s at its end is %s', (text, letters, left) => {
  expect(withoutEnd(text, letters)).toBe(left);
});

it.each([
  ['a?b?c', '?', 'a'],
  ['?', '?', ''],
  ['abc', '?', 'abc'],
])('before the first mark of %s stands %3$s', (text, mark, head) => {
  expect(before(text, mark)).toBe(head);
});

it('is what the regular expression says that would look again from each place', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', '.') });
  fc.assert(fc.property(text, (each) => void expect(withoutEnd(each, '/.')).toBe(each.replace(/[/.]+$/, ''))));
});
