import { expect, it } from 'vitest';
import { warningHeader } from './warnings.ts';

const sent = (header: string | undefined): string => Buffer.from(header ?? '', 'latin1').toString('utf8');

it.each([
  [[], ''],
  [['unknown field "spec.bogus"'], '299 - "unknown field \\"spec.bogus\\""'],
  [['a\\b'], '299 - "a\\\\b"'],
  [['unknown field "поле"', 'é'], '299 - "unknown field \\"поле\\"", 299 - "é"'],
  [['twice', 'twice'], '299 - "twice"'],
  [['line\nbreak', 'nul\u0000', 'kept'], '299 - "kept"'],
  [['half \ud800 a character'], '299 - "half \ufffd a character"'],
])('%j goes out as %s', (warnings, header) => {
  expect(sent(warningHeader(warnings))).toBe(header);
});

it('holds nothing but what one byte of a header may be', () => {
  expect(warningHeader(['поле 😀 ключ'])).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
});

it('shows warnings in full while they are short together, and else the beginning of each until there is enough', () => {
  const long = '😀'.repeat(1000);
  expect(sent(warningHeader([long]))).toBe(`299 - "${long}"`);
  const header = sent(warningHeader(Array.from({ length: 100 }, (_, i) => `${i} ${'я'.repeat(300)}`)));
  const each = header.split('", 299 - "');
  expect(each).toHaveLength(16);
  expect(each.at(-1)).toBe(`15 ${'я'.repeat(253)}"`);
});
