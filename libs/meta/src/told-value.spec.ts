import fc from 'fast-check';
import { expect, it } from 'vitest';
import { invalid } from './status-error.ts';
import { toldValue } from './told-value.ts';

it('a value is told as JSON that may stand in a page', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const told = toldValue([value]);
      expect(JSON.stringify(JSON.parse(told))).toBe(JSON.stringify([value]));
      expect(told).not.toMatch(/[<>&]/);
    }),
  );
  expect(toldValue(undefined)).toBe('null');
  expect(toldValue({ a: '<&' })).toBe('{"a":"\\u003c\\u0026"}');
});

it.each([
  [5, '5'],
  [5_000_000_000, '5000000000'],
  [12_345_678.5, '1.23456785e+07'],
  [1e20, '1e+20'],
])('the number %d is told as Go prints it', (value, told) => {
  expect(toldValue(value)).toBe(told);
});

const entries = Array.from({ length: 50_000 }, (_, i) => i);

it.each([
  ['a long text', 'x'.repeat(1e6), /^"x+"…$/],
  ['a long text within', { a: ['x'.repeat(1e6)] }, /^\{"a":\["x+…$/],
  ['a long list', entries, /^\[0,1,2,.*…$/],
  ['many keys', Object.fromEntries(entries.map((i) => [`k${i}`, ''])), /^\{"k0":"","k1":.*…$/],
])('of %s the beginning is told', (_, value, begins) => {
  const told = toldValue(value);
  expect(told).toMatch(begins);
  expect(told.length).toBeLessThan(9000);
});

it('a refusal looks at its value once, and at a beginning of it', () => {
  let looks = 0;
  const counted = {
    get member() {
      looks++;
      return 'x'.repeat(1e6);
    },
  };
  const error = invalid({ group: '', kind: 'Pod', name: '' }, [
    { type: 'FieldValueInvalid', field: 'spec', value: counted },
  ]);
  expect(looks).toBe(1);
  expect(JSON.stringify(error.toStatus()).length).toBeLessThan(20_000);
});
