import { CacheEntry } from '@kubernest/apiserver/codec';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedEntries } from './sorted-entries.ts';

const entry = (key: string, revision: number) =>
  new CacheEntry({ key, revision, bytes: Buffer.alloc(0), namespace: '', name: key });
const keys = fc.constantFrom('a', 'a/', 'a/b', 'a/c', 'ab', 'b', 'b/a', 'c');

it('a range is what a map of the same entries holds, in order', () => {
  const step = fc.record({ key: keys, gone: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), keys, fc.option(keys, { nil: undefined }), (steps, prefix, after) => {
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
      expect(sorted.range(prefix, after).map(({ key, revision }) => [key, revision])).toEqual(expected);
    }),
  );
});
