import { expect, it } from 'vitest';
import { namesIn } from './names-in.ts';

it.each([
  ['self == oldSelf', ['self', 'oldSelf']],
  ['has(self.oldSelf) && self . oldSelf == 1', ['has', 'self']],
  ['self.all(x, x in oldSelf)', ['self', 'x', 'in', 'oldSelf']],
  [`self == 'oldSelf' + "oldSelf" // oldSelf`, ['self']],
  [`'it\\'s oldSelf' == self`, ['self']],
  [`r'\\' == oldSelf`, ['oldSelf']],
  [`"""oldSelf " oldSelf""" == b'''oldSelf' '''`, []],
  [`'a\noldSelf`, ['oldSelf']],
  ['self == 1.5e3 || 0xoldSelf', ['self']],
  ["self == 'oldSelf", ['self']],
])('an expression names what it refers to: %s', (expression, names) => {
  expect([...namesIn(expression)]).toEqual(names);
});

it.each(['"\\', "'''", 'r"', '.', '/', '("'])('a long expression of %j is read in linear time', (part) => {
  // Were it not, this would take minutes.
  expect([...namesIn(`${part.repeat(100_000)}oldSelf`)].length).toBeLessThan(2);
});
