import fc from 'fast-check';
import { expect, it } from 'vitest';
import { atOnce, type Steps } from '../steps.ts';
import { parseJsonInSteps } from './parse-in-steps.ts';
import { jsonBytesInSteps } from './stringify-in-steps.ts';

const piece = fc.integer({ min: 0, max: 40 });
const blanks = fc.constantFrom(0, 1, 3);

it('what is read in steps is what JSON.parse reads, wherever the text is cut', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), blanks, piece, (json, indent, size) => {
      const text = JSON.stringify(JSON.parse(json), undefined, indent);
      expect(atOnce(parseJsonInSteps(text, size))).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

it('what is written in steps is what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), piece, (value, size) => {
      expect(atOnce(jsonBytesInSteps(value, size)).toString()).toBe(JSON.stringify(value));
    }),
  );
});

const numbers = Array.from({ length: 600 }, (_, i) => i);
const wide: readonly [string, unknown][] = [
  ['many keys', Object.fromEntries(numbers.map((i) => [`k${i}`, `${i} "quoted", [bracketed] \\ ü\ud83d\ude00`]))],
  ['a long list', numbers.map((i) => ({ i, list: [i, null, {}, []] }))],
  ['keys of every sort', JSON.parse(`{"__proto__":{"a":[${numbers}]},"1":[${numbers}],"":{"b":[${numbers}]}}`)],
  ['what is deep', numbers.reduce<unknown>((inner, i) => ({ before: i, inner, behind: [i] }), 'x'.repeat(100))],
  ['members that are undefined', { a: undefined, b: [undefined, ...numbers], c: { d: undefined } }],
  ['long texts', ['x'.repeat(1000), { a: 'y'.repeat(1000) }, 'z'.repeat(1000)]],
  ['one long text', 'x'.repeat(1000)],
];

it.each(wide)('%s is written and read as by JSON', (_, value) => {
  const text = JSON.stringify(value);
  expect(atOnce(jsonBytesInSteps(value)).toString()).toBe(text);
  const read = atOnce(parseJsonInSteps(text, 50));
  expect(JSON.stringify(read)).toBe(text);
  expect(Object.getPrototypeOf(read)).toBe(Object.getPrototypeOf(JSON.parse(text)));
});

it.each(['', '[1', '[1,2]]', '{"a":1]', '[[1,2,3}', '"abc', `[${numbers}`, `[${numbers}}`, `[${numbers}] x`])(
  'what is no JSON is refused: %s',
  (text) => {
    expect(() => atOnce(parseJsonInSteps(text, 3))).toThrow(SyntaxError);
  },
);

/** How much of `text` one step reads at most, or of a value writes. */
function stepsOf(steps: Steps<unknown>): number {
  for (let count = 1; ; count++) if (steps.next().done) return count;
}

it('the number of steps grows with the text, whether it is wide or deep', () => {
  const list = `[${numbers.map((i) => `"item ${i}"`)}]`;
  const deep = `${'{"a":['.repeat(400)}1${'],"b":2}'.repeat(400)}`;
  for (const text of [list, deep]) expect(stepsOf(parseJsonInSteps(text, 100))).toBeGreaterThan(text.length / 300);
  expect(stepsOf(jsonBytesInSteps(JSON.parse(list), 100))).toBeGreaterThan(list.length / 300);
});
