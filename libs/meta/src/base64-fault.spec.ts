import fc from 'fast-check';
import { expect, it } from 'vitest';
import { illegalBase64At } from './base64-fault.ts';

// Each line is what Go's standard decoder said of the text.
it.each([
  ['', -1],
  ['YQ==', -1],
  ['YWI=', -1],
  ['YW\nJj\r\n', -1],
  ['YQ=\n=', -1],
  ['x', 0],
  ['YQ', 0],
  ['YWJjY', 4],
  ['YQ=', 3],
  ['YQ=a', 2],
  ['Y===', 1],
  ['====', 0],
  ['YQ==YQ==', 4],
  ['YWI==', 4],
  ['a!b', 1],
  ['YWJj-', 4],
])('%j stops at %i', (text, at) => {
  expect(illegalBase64At(text)).toBe(at);
});

it('takes whatever was written as base64', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(illegalBase64At(Buffer.from(bytes).toString('base64'))).toBe(-1);
    }),
  );
});
