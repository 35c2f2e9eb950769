import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityMilli,
  quantityValue,
  subtractQuantities,
} from './quantity.ts';

describe('quantities', () => {
  it.each([
    ['0', '0'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1000', '1k'],
    ['1024', '1024'],
    ['1024Ki', '1Mi'],
    ['1023Ki', '1023Ki'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['0.3Ki', '307200m'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['12e-1', '1200e-3'],
    ['1E', '1E'],
    ['100000000000000000000', '9223372036854775807'],
    ['0.0000000001', '1n'],
    ['-0.0000000001', '-1n'],
    ['-1500m', '-1500m'],
    ['+5', '5'],
    ['007', '7'],
    ['1e400', '9223372036854775807'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each(['', 'x', '1 Gi', '--1', '1..2', '.', '1/2', '0x10'])('%j is no quantity', (text) => {
    expect(() => parseQuantity(text)).toThrow('quantities must match the regular expression');
  });

  it.each(['1ki', '1K', '1mi', '1GiB', '1e', '1Em'])('%s has an unknown suffix', (text) => {
    expect(() => parseQuantity(text)).toThrow(/unable to parse quantity's suffix|quantities must match/);
  });

  const amounts = fc
    .tuple(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-3'),
    )
    .map(([amount, suffix]) => `${amount}${suffix}`);

  it('the canonical form means the same and is its own canonical form', () => {
    fc.assert(
      fc.property(amounts, (text) => {
        const canonical = canonicalQuantity(text);
        expect(compareQuantities(canonical, text)).toBe(0);
        expect(canonicalQuantity(canonical)).toBe(canonical);
      }),
    );
  });

  it('adding and subtracting undo each other', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtractQuantities(addQuantities(a, b), b).nano).toBe(parseQuantity(a).nano);
        expect(compareQuantities(a, b)).toBe(-compareQuantities(b, a) + 0);
      }),
    );
  });

  it('a sum keeps the format of its first part, unless that is zero', () => {
    expect(formatQuantity(addQuantities('1Gi', '1048576'))).toBe('1025Mi');
    expect(formatQuantity(addQuantities('0', '1Gi'))).toBe('1Gi');
    expect(formatQuantity(addQuantities('1Gi', '1Gi'))).toBe('2Gi');
    expect(formatQuantity(addQuantities('500m', '500m'))).toBe('1');
  });

  it.each([
    ['1500m', 2, 1500],
    ['-1500m', -1, -1500],
    ['1u', 1, 1],
    ['2Gi', 2_147_483_648, 2_147_483_648_000],
  ])('%s rounds up to %d whole and %d thousandths', (text, whole, milli) => {
    expect(quantityValue(text)).toBe(whole);
    expect(quantityMilli(text)).toBe(milli);
  });
});
