import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantities,
  canonicalAmount,
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
    ['12e-1', '1200e-3'],
    ['1E', '1E'],
    ['100000000000000000000', '100E'],
    ['16Ei', '9223372036854775807'],
    ['-16Ei', '-9223372036854775807'],
    ['0.0000000001', '1n'],
    ['-0.0000000001', '-1n'],
    ['-1500m', '-1500m'],
    ['1e400', '10e399'],
    ['1e1000000000', '10e999999999'],
    ['0.0009765625Ki', '1'],
    ['0.0001Ki', '102400u'],
    ['12345678901234567890123.4567891234', '12345678901234567890123456789124n'],
    ['999999999999999999.9999999999', '1E'],
    ['-', '0'],
    ['.', '0'],
    ['Mi', '0'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  it.each(['1.', '+5', '007', '1E3', '1.500', '-1.500', '0012Ki', '+3Ki', '12Ki', '1e3', '1e999999999'])(
    '%s is near enough to a canonical form to be answered as it was sent',
    (text) => {
      expect(canonicalQuantity(text)).toBe(text);
    },
  );

  it.each([
    ['1', '1'],
    ['1.500', '1.500'],
    ['0.0001', '1m'],
    ['-0.0001', '-1m'],
    ['1500500u', '1501m'],
    ['999.9999', '1k'],
    ['1n', '1m'],
    ['0.0001Ki', '103m'],
    ['1e-12', '1e-3'],
    ['1Gi', '1Gi'],
    ['0', '0'],
  ])('%s is %s in a list of resources', (text, amount) => {
    expect(canonicalAmount(text)).toBe(amount);
    expect(canonicalAmount(amount)).toBe(amount);
  });

  it.each(['e-12', 'Pi', '+Ei'])('%s has no number', (text) => {
    expect(() => parseQuantity(text)).toThrow('unable to parse numeric part of quantity');
  });

  it.each(['', 'x', '1 Gi', '1..2', '1/2', '0x10'])('%j is no quantity', (text) => {
    expect(() => parseQuantity(text)).toThrow('quantities must match the regular expression');
  });

  it.each(['--1', '1e99999999999', '1ki', '1K', '1mi', '1GiB', '1e', '1Em'])('%s has an unknown suffix', (text) => {
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
    ['-1500m', -2, -1500],
    ['1u', 1, 1],
    ['2Gi', 2_147_483_648, 2_147_483_648_000],
  ])('%s rounds up to %d whole and %d thousandths', (text, whole, milli) => {
    expect(quantityValue(text)).toBe(whole);
    expect(quantityMilli(text)).toBe(milli);
  });
});
