import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import type { Json } from './object.ts';
import { deepFreeze } from './value.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), json) as fc.Arbitrary<{
  [key: string]: Json;
}>;

describe('JSON patch', () => {
  it('changes a copy', () => {
    const original = deepFreeze({ a: [1, { b: 2 }] }) as Json;
    const patch = deepFreeze([
      { op: 'add', path: '/a/1/c', value: { d: [] } },
      { op: 'test', path: '/a/0', value: 1 },
      { op: 'remove', path: '/a/0' },
    ]) as unknown as Json;
    expect(applyJsonPatch(original, patch)).toEqual({ a: [{ b: 2, c: { d: [] } }] });
    expect(original).toEqual({ a: [1, { b: 2 }] });
  });

  it.each([
    ['no list', {}, 400],
    ['no operation', [5], 422],
    ['an unknown op', [{ op: 'frob', path: '/a' }], 422],
    ['no path', [{ op: 'remove' }], 422],
    ['a path that is none', [{ op: 'remove', path: 5 }], 422],
    ['a move from nowhere', [{ op: 'move', path: '/a' }], 422],
    ['a failed test', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a missing target', [{ op: 'remove', path: '/z' }], 422],
    ['a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
    ['too many operations', Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 })), 413],
  ])('with %s is refused', (_name, patch, code) => {
    expect(() => applyJsonPatch({ a: 1 }, patch as Json)).toThrow(expect.objectContaining({ code }));
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    [{ op: 'test', path: '/a', value: 2 }, 'testing value /a failed: test failed'],
    [{ op: 'test', path: '/b', value: 2 }, 'testing value /b failed: test failed'],
    [{ op: 'remove', path: '/z' }, /^error in remove for path: '\/z': /],
    [{ op: 'add', path: '/z/y', value: 1 }, /^add operation does not apply: doc is missing path: "\/z\/y": /],
  ])('%j that does not apply is told of with its path', (operation, message) => {
    expect(() => applyJsonPatch({ a: 1 }, [operation] as unknown as Json)).toThrow(
      expect.objectContaining({
        code: 422,
        message: 'the server rejected our request due to an error in our request',
        details: {
          causes: [{ reason: 'FieldValueInvalid', field: 'patch', message: expect.stringMatching(message) }],
        },
      }),
    );
  });
});

describe('merge patch', () => {
  it('holds no null afterwards, and says what the patch says', () => {
    const check = (patch: Json, result: Json | undefined): void => {
      if (Array.isArray(patch)) {
        expect(result).toHaveLength(patch.length);
        for (const [i, item] of patch.entries()) check(item, (result as Json[])[i]);
        return;
      }
      if (typeof patch !== 'object' || patch === null) return expect(result).toEqual(patch);
      for (const key of Object.keys(patch)) {
        const after = Object.getOwnPropertyDescriptor(result, key)?.value as Json | undefined;
        const wanted = Object.getOwnPropertyDescriptor(patch, key)!.value as Json;
        if (wanted === null) expect(after).toBeUndefined();
        else check(wanted, after);
      }
    };
    fc.assert(
      fc.property(object, object, (original, patch) => check(patch, applyMergePatch(deepFreeze(original), patch))),
    );
  });

  it('applied twice changes nothing more', () => {
    fc.assert(
      fc.property(object, object, (original, patch) => {
        const once = applyMergePatch(original, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('that is no object takes the place of what it patches', () => {
    expect(applyMergePatch({ a: 1 }, ['b'])).toEqual(['b']);
  });
});
