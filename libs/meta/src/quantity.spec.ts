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

  const zeros = (count: number) => '0'.repeat(count);
  const nines = (count: number) => '9'.repeat(count);
  it.each([
    [`1${zeros(450)}`, `1${zeros(449)}1`],
    [`1${zeros(450)}`, `1${zeros(451)}`],
    [nines(451), nines(452)],
    [nines(600), `1${zeros(600)}`],
    [`1${zeros(500)}.1`, `1${zeros(500)}.2`],
    [`0.${zeros(500)}1e600`, `0.${zeros(500)}2e600`],
    ['1e400', '1e401'],
    ['1e401', '2e401'],
    ['1e1000000000', '1e1000000001'],
    ['9e500', '1e501'],
    [`1${zeros(460)}e-450`, `1${zeros(460)}e-449`],
    [`1${zeros(460)}e-450`, '1e450'],
    ['999999999999E', `1${zeros(900)}k`],
    [nines(450), '1e450'],
    [`${nines(450)}e400`, '1e850'],
    ['1e-500', '1'],
    [`9${zeros(9)}Ki`, `9${zeros(500)}Ki`],
    [`0.${nines(500)}Ki`, '1024.5'],
  ])('%s is less than %s', (less, more) => {
    expect([compareQuantities(less, more), compareQuantities(more, less)]).toEqual([-1, 1]);
    expect([compareQuantities(`-${less}`, `-${more}`), compareQuantities(`-${more}`, `-${less}`)]).toEqual([1, -1]);
    expect([compareQuantities(`-${more}`, less), compareQuantities(less, '0'), compareQuantities('0', more)]).toEqual([
      -1, 1, -1,
    ]);
  });

  it.each([
    [`1${zeros(600)}`, '1e600'],
    [`1${zeros(600)}`, `1${zeros(597)}k`],
    [`0.${zeros(599)}1e600`, '1'],
    [`${zeros(600)}7`, '7'],
    [`1${zeros(600)}e-600`, '1'],
    ['1e-500', '1n'],
    [`1${zeros(500)}Ki`, '16Ei'],
    [nines(700), nines(700)],
  ])('%s is as much as %s', (one, other) => {
    expect([compareQuantities(one, other), compareQuantities(other, one)]).toEqual([0, 0]);
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
