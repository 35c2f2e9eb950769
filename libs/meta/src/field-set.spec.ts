import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equalFields,
  fieldPaths,
  fieldSetOfPaths,
  fromFieldsV1,
  hasField,
  intersectFields,
  leafFields,
  subtractFields,
  subtractFieldTrees,
  toFieldsV1,
  unionFields,
} from './field-set.ts';

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1');
const path = fc.array(element, { minLength: 1, maxLength: 3 });
const paths = fc.array(path, { maxLength: 6 });
const text = (p: readonly string[]): string => p.join('/');
const members = (set: Parameters<typeof fieldPaths>[0]): Set<string> => new Set([...fieldPaths(set)].map(text));

describe('field sets', () => {
  it('agree with plain sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (one, two) => {
        const a = fieldSetOfPaths(one);
        const b = fieldSetOfPaths(two);
        const plainA = new Set(one.map(text));
        const plainB = new Set(two.map(text));
        expect(members(a)).toEqual(plainA);
        expect(members(unionFields(a, b))).toEqual(plainA.union(plainB));
        if (plainB.isSubsetOf(plainA)) expect(unionFields(a, b)).toBe(a);
        expect(members(intersectFields(a, b))).toEqual(plainA.intersection(plainB));
        expect(members(subtractFields(a, b))).toEqual(plainA.difference(plainB));
        if (plainA.isDisjointFrom(plainB)) expect(subtractFields(a, b)).toBe(a);
        const below = (p: string): boolean => [...plainB].some((q) => p === q || p.startsWith(`${q}/`));
        expect(members(subtractFieldTrees(a, b))).toEqual(new Set([...plainA].filter((p) => !below(p))));
        const isLeaf = (p: string): boolean => ![...plainA].some((q) => q.startsWith(`${p}/`));
        expect(members(leafFields(a))).toEqual(new Set([...plainA].filter(isLeaf)));
        for (const p of [...one, ...two]) expect(hasField(a, p)).toBe(plainA.has(text(p)));
        expect(equalFields(a, b)).toBe(plainA.symmetricDifference(plainB).size === 0);
      }),
    );
  });

  it('survive the wire', () => {
    fc.assert(
      fc.property(paths, (some) => {
        const set = fieldSetOfPaths(some);
        const read = fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(set))));
        expect(read && equalFields(read, set)).toBe(true);
      }),
    );
  });

  it.each([[5], [[]], ['x'], [{ a: {} }], [{ 'f:a': 1 }], [{ 'v:{': {} }]])('%j is no field set', (json) => {
    expect(fromFieldsV1(json as never)).toBeUndefined();
  });
});
