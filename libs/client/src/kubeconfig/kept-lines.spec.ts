import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withKeptLines } from './kept-lines.ts';
import { matchedLines } from './matched-lines.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

function longestCommon(one: readonly string[], other: readonly string[]): number {
  const row = other.map(() => 0);
  for (const line of one)
    for (let at = 0, before = 0; at < other.length; at++) {
      const above = row[at]!;
      row[at] = line === other[at] ? before + 1 : Math.max(above, row[at - 1] ?? 0);
      before = above;
    }
  return row.at(-1) ?? 0;
}

it('the lines that match are the same, in their order, and as many as can be', () => {
  fc.assert(
    fc.property(lines, lines, (from, to) => {
      const matched = matchedLines(from, to)!;
      const places = matched.filter((place) => place >= 0);
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      for (const [at, place] of matched.entries()) if (place >= 0) expect(to[place]).toBe(from[at]);
      expect(places.length).toBe(longestCommon(from, to));
    }),
  );
});

it('what says the same stays as it was written, and what the change says comes to it', () => {
  const text = 'b:  [ 2,\n  3 ]\na:   1\n\n\nc:  4 # four\nd:   5\n';
  const before = 'b: [ 2, 3 ]\na: 1\n\nc: 4 # four\nd: 5\n';
  const change = (after: string) => withKeptLines(text, { before, after });
  expect(change(before)).toBe(text);
  expect(change(before.replace('a: 1', 'x: 9\na: 1'))).toBe(text.replace('a:   1', 'x: 9\na:   1'));
  expect(change(before.replace('d: 5', 'x: 9\nd: 5'))).toBe(text.replace('d:   5', 'x: 9\nd:   5'));
  expect(change(before.replace('d: 5', 'd: 6'))).toBe(text.replace('d:   5', 'd: 6'));
  expect(change(`${before}e: 6\n`)).toBe(`${text}e: 6\n`);
  expect(change(before.replace('b: [ 2, 3 ]', 'b: [ 2 ]'))).toBe(
    text.replace('[ 2,\n  3 ]', '[ 2 ]').replace('b:  ', 'b: '),
  );
});

it('whatever is changed, nothing else is', () => {
  fc.assert(
    fc.property(lines, lines, fc.infiniteStream(fc.constantFrom('', ' ', '   ')), (old, fresh, blanks) => {
      const text = old.map((line) => `${line}${blanks.next().value}`).join('\n');
      const kept = withKeptLines(text, { before: old.join('\n'), after: fresh.join('\n') });
      expect(kept.split('\n').map((line) => line.trim())).toEqual(fresh.join('\n').split('\n'));
      expect(withKeptLines(text, { before: old.join('\n'), after: old.join('\n') })).toBe(text);
    }),
  );
});

it('where too much differs, the text is as the writer has it', () => {
  const [one, other] = ['a', 'b'].map((sign) => Array.from({ length: 1500 }, (_, at) => `${sign}${at}`).join('\n'));
  expect(withKeptLines(one!, { before: other!, after: 'c' })).toBe('c');
});
