import { CacheEntry } from '@kubernest/apiserver/codec';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedEntries } from './sorted-entries.ts';

const entry = (key: string, revision: number) =>
  new CacheEntry({ key, revision, bytes: Buffer.alloc(0), namespace: '', name: key });
const keys = fc.constantFrom('a', 'a/', 'a/b', 'a/c', 'ab', 'b', 'b/a', 'c');

const step = fc.record({ key: keys, gone: fc.boolean() });

/** The range after those steps, and what a map after the same ones says it is. */
function ranges(steps: readonly { key: string; gone: boolean }[], prefix: string, after: string | undefined) {
  const sorted = new SortedEntries();
  const map = new Map<string, number>();
  for (const [revision, { key, gone }] of steps.entries()) {
    if (gone) sorted.delete(key);
    else sorted.set(entry(key, revision));
    if (gone) map.delete(key);
    else map.set(key, revision);
  }
  const expected = [...map]
    .filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { found: sorted.range(prefix, after).map(({ key, revision }) => [key, revision]), expected };
}

it('a range is what a map of the same entries holds, in order', () => {
  fc.assert(
    fc.property(fc.array(step), keys, fc.option(keys, { nil: undefined }), (steps, prefix, after) => {
      const { found, expected } = ranges(steps, prefix, after);
      expect(found).toEqual(expected);
    }),
  );
});

const many = Array.from({ length: 2500 }, (_, i) => `a/${i}`);
const set = (some: readonly string[]) => some.map((key) => ({ key, gone: false }));
const gone = (some: readonly string[]) => some.map((key) => ({ key, gone: true }));

it.each([
  ['in their order', fc.constant([...many].sort())],
  ['against their order', fc.constant([...many].sort().reverse())],
  ['as it comes', fc.shuffledSubarray(many, { minLength: many.length })],
])('the same of more than lie in one run, which come %s and partly go again', (_, all) => {
  const prefixes = fc.constantFrom('', 'a/', 'a/1', 'a/24', 'a/2499', 'b');
  const afters = fc.option(fc.constantFrom('', 'a/', 'a/12', 'a/1999', 'a/3', 'b'), { nil: undefined });
  fc.assert(
    fc.property(all, fc.shuffledSubarray(many), prefixes, afters, (come, go, prefix, after) => {
      const { found, expected } = ranges([...set(come), ...gone(go), ...set(go.slice(0, 20))], prefix, after);
      expect(found).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
