import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../steps.ts';
import { clone, deepEqual } from '../value.ts';
import { holdsLongNumber, parseJson } from './exact-json.ts';
import { parseJsonInSteps } from './parse-in-steps.ts';
import { jsonBytesInSteps } from './stringify-in-steps.ts';

/** Plain data as it is kept: an integer that a number would write with other digits is a bigint. */
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const plainData = fc.letrec((tie) => ({
  value: fc.oneof(fc.jsonValue(), int64, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
})).value;
const read = (text: string): unknown => atOnce(parseJsonInSteps(text, 8));
const written = (value: unknown): string => String(atOnce(jsonBytesInSteps(value, 8)));

it('what is read is written as it was, at once and in steps', () => {
  fc.assert(
    fc.property(plainData, (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseJson(text))).toBe(text);
      expect(written(read(text))).toBe(text);
      expect(deepEqual(read(text), clone(parseJson(text)))).toBe(true);
    }),
  );
});

it('whole numbers of 64 bits differ where their digits do', () => {
  fc.assert(
    fc.property(int64, fc.bigInt({ min: -3n, max: 3n }), (value, more) => {
      const other = BigInt.asIntN(64, value + more);
      expect(deepEqual(parseJson(`[${value}]`), parseJson(`[${other}]`))).toBe(value === other);
    }),
  );
});

it.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992],
  ['9007199254740993', 9007199254740993n],
  ['-9223372036854775808', -9223372036854775808n],
  ['9223372036854775808', 2 ** 63],
  ['1711111111111111111.5', Number(1711111111111111111n)],
  ['1711111111111111111e0', Number(1711111111111111111n)],
  ['0.1234567890123456', 0.1234567890123456],
  ['-0', -0],
])('%s is %d', (text, value) => {
  expect(parseJson(text)).toBe(value);
  expect(parseJson(` [ ${text}]`)).toEqual([value]);
});

describe('a long number is seen', () => {
  const filling = '{"a":"b"},'.repeat(8);
  it.each(Array.from({ length: 33 }, (_, i) => i))('%d letters from the start', (count) => {
    const before = filling.slice(0, count);
    for (const lead of [':', ',', '[', ' ', '\n', '-']) {
      expect(holdsLongNumber(`${before}${lead}1234567890123456`)).toBe(true);
      expect(holdsLongNumber(`${before}${lead}1234567890123456789012345678901234${filling}`)).toBe(true);
      expect(holdsLongNumber(`${before}${lead}123456789012345${filling}`)).toBe(false);
    }
    expect(holdsLongNumber(`${before}"1234567890123456${filling}`)).toBe(false);
    expect(holdsLongNumber(`${before}"12345678901234567890123456789",:1234567890123456`)).toBe(true);
    expect(holdsLongNumber(`${before}:0.1234567890123456${filling}`)).toBe(false);
  });
});
