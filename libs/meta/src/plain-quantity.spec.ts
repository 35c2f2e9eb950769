import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainQuantity } from './plain-quantity.ts';
import { parseQuantity, quantityMilli, quantityValue } from './quantity.ts';

const suffixes = ['', ...'numkMGTPE', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const text = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.constantFrom(...suffixes), fc.constantFrom('', '0', '00'))
  .map(([digits, suffix, zeros]) => `${zeros}${digits}${suffix}`);

it('a plain quantity is what the exact reading says', () => {
  fc.assert(
    fc.property(text, (each) => {
      const exact = parseQuantity(each);
      expect([quantityValue(each), quantityMilli(each)]).toEqual([quantityValue(exact), quantityMilli(exact)]);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  ['1', 1],
  ['1m', 1],
  ['1000m', 1],
  ['1001m', 2],
  ['3Ki', 3072],
  ['007', 7],
])('%s is %i', (each, value) => {
  expect(plainQuantity(each, 1)).toBe(value);
});

it.each(['', '-1', '1.5', '1e3', '1ki', '1K', ' 1', '1 ', '99999999999E', 1])(
  '%j is left to the exact reading',
  (each) => {
    expect(plainQuantity(each, 1)).toBeUndefined();
  },
);
