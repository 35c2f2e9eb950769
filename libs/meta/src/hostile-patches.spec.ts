import { describe, expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';
import { applyJsonPatch } from './json-patch.ts';
import type { Json } from './object.ts';
import { canonicalQuantity, compareQuantities } from './quantity.ts';
import type { Schema } from './schema.ts';
import { decodeBySchema } from './schema-decode.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

const many = 100_000;
const names = Array.from({ length: many }, (_, i) => `a.b/f${i}`);
const schema: Schema = {
  type: 'struct',
  fields: {
    set: { schema: { type: 'list', items: { type: 'string' }, listType: 'set' }, patchStrategy: ['merge'] },
    map: {
      schema: { type: 'list', items: { type: 'struct', fields: {} }, listType: 'map', keys: ['name'] },
      patchStrategy: ['merge'],
      patchMergeKey: 'name',
    },
  },
};

/** What scans a list for each of its items takes minutes for each of these. */
describe('a strategic merge of a hundred thousand items', () => {
  const items = names.map((name) => ({ name }));

  it('of a set keeps each once, in the order of the patch', () => {
    const merged = applyStrategicMergePatch({ set: [...names] }, { set: [...names].reverse() }, schema);
    expect((merged as { set: string[] }).set).toEqual([...names].reverse());
  });

  it('of a list with keys finds each', () => {
    const merged = applyStrategicMergePatch({ map: items }, { map: items.map(({ name }) => ({ name, x: 1 })) }, schema);
    expect((merged as { map: unknown[] }).map).toHaveLength(many);
  });

  it.each([
    ['items', { map: items.map(({ name }) => ({ $patch: 'delete', name })) }, { map: [], set: names }],
    ['values', { '$deleteFromPrimitiveList/set': names }, { map: items, set: [] }],
    ['an order', { set: [], '$setElementOrder/set': names }, { map: items, set: names }],
  ])('takes %s', (_, patch, result) => {
    expect(applyStrategicMergePatch({ map: items, set: names }, patch as unknown as Json, schema)).toEqual(result);
  });
});

describe('a JSON patch is bounded', () => {
  const refused = (why: string) =>
    expect.objectContaining({
      code: 422,
      details: { causes: [expect.objectContaining({ message: expect.stringContaining(why) })] },
    });
  const copies = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/c${i}` }));

  it('in what its copies add', () => {
    expect(() => applyJsonPatch({ a: { x: 'y' } }, copies(60))).toThrow(
      refused('Unable to complete the copy, the accumulated size'),
    );
  });

  it('in how deep its copies go', () => {
    const deeper = Array.from({ length: 40 }, (_, i) => ({
      op: 'copy',
      from: '/a',
      path: `/a${'/b'.repeat(2 ** Math.min(i, 12))}`,
    }));
    expect(() => applyJsonPatch({ a: {} }, deeper)).toThrow(expect.objectContaining({ code: 422 }));
  });

  it('in the items of lists that it moves', () => {
    const first = Array.from({ length: 10_000 }, () => ({ op: 'add', path: '/a/0', value: 1 }));
    expect(() => applyJsonPatch({ a: names }, first)).toThrow(refused('put them at the end'));
  });

  it.each([
    [
      { op: 'replace', path: '/new', value: 1 },
      { a: [1, 2], new: 1 },
    ],
    [{ op: 'add', path: '/a/-1', value: 3 }, { a: [1, 2, 3] }],
    [{ op: 'remove', path: '/a/-1' }, { a: [1] }],
    [{ op: 'test', path: '/missing', value: null }, { a: [1, 2] }],
    [
      { op: 'add', path: '/b' },
      { a: [1, 2], b: null },
    ],
    [{ op: 'replace', path: '', value: { z: 1 } }, { z: 1 }],
    [
      { op: 'add', path: '/x~1y~0z', value: 1 },
      { a: [1, 2], 'x/y~z': 1 },
    ],
  ])("%j does what Kubernetes' library does", (operation, result) => {
    expect(applyJsonPatch({ a: [1, 2] }, [operation] as Json)).toEqual(result);
  });
});

describe('values without bound', () => {
  it('depth: as deep as Go allows is read, deeper is refused', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(() => decodeObject(nested(10_000), 'json', { findDuplicates: true })).not.toThrow();
    expect(() => decodeObject(nested(10_001), 'json')).toThrow('exceeded max depth');
    expect(() => decodeObject(nested(1_000_000), 'json')).toThrow('exceeded max depth');
  });

  it('what is kept is less deep, what is pruned may be as deep as it likes', () => {
    const deep = JSON.parse(`{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`) as Json;
    const options = { kind: 'Widget', version: 'v1' };
    expect(decodeBySchema(schema, structuredClone(JSON.parse('{}')), options).value).toEqual({});
    expect(decodeBySchema(schema, deep, options).value).toEqual({});
    const kept = JSON.parse(`{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`) as Json;
    expect(() => decodeBySchema({ ...schema, preserveUnknownFields: true } as Schema, kept, options)).toThrow(
      'exceeded max depth',
    );
  });

  it('strict faults: a hundred are told of', () => {
    const body = `{${Array.from({ length: 5000 }, (_, i) => `"k${i >> 1}":1`).join(',')}}`;
    expect(decodeObject(body, 'json', { findDuplicates: true }).duplicates).toHaveLength(100);
  });

  const million = (digit: string): string => digit.repeat(1_000_000);

  it.each([
    ['digits', million('1'), million('1'), '9E', undefined],
    ['digits below zero', `-${million('1')}`, `-${million('1')}`, undefined, '-9E'],
    ['digits before a binary suffix', `${million('1')}Ki`, '9223372036854775807', '7E', '10E'],
    ['digits behind the point', `0.${million('3')}`, '333333334n', '333333333n', '333333335n'],
    ['digits behind the point, below zero', `-0.${million('3')}`, '-333333334n', '-333333335n', '-333333333n'],
    ['zeros before', `${million('0')}5`, `${million('0')}5`, '4999m', '5001m'],
    ['zeros behind the point', `5.${million('0')}`, '5', '4999m', '5001m'],
  ])('a quantity of a million %s is written and compared as Go does', (_, text, canonical, less, more) => {
    // Not by the matcher of texts, which would show two million characters.
    expect(canonicalQuantity(text) === canonical).toBe(true);
    if (less) expect(compareQuantities(text, less)).toBe(1);
    if (more) expect(compareQuantities(text, more)).toBe(-1);
    expect(compareQuantities(text, text)).toBe(0);
  });

  it('a quantity of a million digits and a letter is refused', () => {
    expect(() => canonicalQuantity(`${'1'.repeat(1_000_000)}x`)).toThrow('quantities must match');
  });

  it('a number beyond range is refused where it would be kept', () => {
    const number: Schema = {
      type: 'struct',
      fields: { a: { schema: { type: 'number' } }, b: { schema: { type: 'any' } } },
    };
    const options = { kind: 'Widget', version: 'v1' };
    for (const body of ['{"a":1e999}', '{"b":[-1e999]}'])
      expect(() => decodeBySchema(number, JSON.parse(body) as Json, options)).toThrow('cannot unmarshal number');
  });
});
