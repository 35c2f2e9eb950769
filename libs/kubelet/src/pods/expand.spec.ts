import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expand } from './expand.ts';

const lookup = (name: string): string | undefined => (name === 'A' ? 'x' : undefined);
const expanded = (text: string): string => expand(text, { lookup, grown: () => {} });

it.each([
  ['$(A)-$(A)', 'x-x'],
  ['$(B)', '$(B)'],
  ['$$(A) $$$(A) $A', '$(A) $x $A'],
  ['$($(A))', '$($(A))'],
  ['$(A', '$(A'],
  ['$(A)$(A$$(A', 'x$(A$(A'],
  ['$()', '$()'],
])('%s becomes %s', (text, result) => {
  expect(expanded(text)).toBe(result);
});

it('is what one look at the whole text says', () => {
  const text = fc.string({ unit: fc.constantFrom('$', '(', ')', 'A', 'b') });
  const plain = (each: string): string =>
    each.replace(/\$(\$|\(([^)]*)\))/g, (whole, first: string, name: string) =>
      first === '$' ? '$' : (lookup(name) ?? whole),
    );
  fc.assert(fc.property(text, (each) => void expect(expanded(each)).toBe(plain(each))));
});

it('follows no reference that does not end: what stands behind the last bracket is not looked at as one', () => {
  const looks = new Set<string>();
  const text = `$(A)${'$('.repeat(200_000)}`;
  const seen = (name: string): undefined => void looks.add(name);
  expect(expand(text, { lookup: seen, grown: () => {} })).toBe(text);
  expect([...looks]).toEqual(['A']);
});

it('says how long the text has become before more of it is made', () => {
  const most = 10_000;
  let told = 0;
  const grown = (length: number): void => {
    told++;
    if (length > most) throw new Error('too long');
  };
  expect(() => expand('$(A)'.repeat(1000), { lookup: () => 'y'.repeat(4000), grown })).toThrow('too long');
  expect(told).toBe(3);
});
