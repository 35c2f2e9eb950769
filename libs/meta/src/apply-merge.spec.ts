import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeApplied, withoutFields } from './apply-merge.ts';
import { fieldSetOfPaths } from './field-set.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const set: ListSchema = { type: 'list', listType: 'set', items: text };
const atomic: ListSchema = { type: 'list', listType: 'atomic', items: text };
const port: Schema = {
  type: 'struct',
  fields: { port: { schema: { type: 'integer' } }, protocol: { schema: text, default: 'TCP' }, name: { schema: text } },
};
const ports: ListSchema = { type: 'list', listType: 'map', keys: ['port', 'protocol'], items: port };
const widget: Schema = {
  type: 'struct',
  fields: {
    set: { schema: set },
    args: { schema: atomic },
    ports: { schema: ports },
    labels: { schema: { type: 'map', values: text } },
    selector: { schema: { type: 'map', values: text, atomic: true } },
    size: { schema: { type: 'integer' } },
    free: { schema: { type: 'any' } },
  },
};

const letters = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('the order of a merged list', () => {
  it.each([
    // live, applied, merged
    ['a b', 'b a new', 'b a new'],
    ['a b', 'a b', 'a b'],
    ['a x b', 'b a', 'x b a'],
    ['a b x', 'b a n', 'b x a n'],
    ['x a y b z', 'b n a', 'x y b z n a'],
    ['x a y b z', 'a n b', 'x a y n b z'],
    ['a b c', 'n', 'a b c n'],
    ['', 'b a', 'b a'],
    ['a b', '', 'a b'],
    ['a a x', 'a n', 'a n x'],
    ['x x a', 'a', 'x x a'],
  ])('of %j with %j laid over it is %j', (live, applied, merged) => {
    expect(mergeApplied(set, letters(live), letters(applied))).toEqual(letters(merged));
  });

  const word = fc.constantFrom(...letters('a b c d e f g h'));
  const list = fc.uniqueArray(word);

  it('is the applied order among the applied, the live order among the rest, and nothing is lost or doubled', () => {
    fc.assert(
      fc.property(list, list, (live, applied) => {
        const merged = mergeApplied(set, live, applied) as string[];
        const isApplied = new Set(applied);
        expect(merged.filter((item) => isApplied.has(item))).toEqual(applied);
        expect(merged.filter((item) => !isApplied.has(item))).toEqual(live.filter((item) => !isApplied.has(item)));
        expect(mergeApplied(set, merged, applied)).toEqual(merged);
      }),
    );
  });

  it('keeps a live item behind the live item that it stood behind, when the configuration changes no order', () => {
    fc.assert(
      fc.property(list, list, (live, some) => {
        const applied = live.filter((item) => some.includes(item));
        expect(mergeApplied(set, live, applied)).toEqual(live);
      }),
    );
  });
});

describe('a configuration laid over a live object', () => {
  it.each<[string, Json, Json, Json]>([
    ['an atomic list is replaced', { args: ['a', 'b'] }, { args: ['c'] }, { args: ['c'] }],
    ['an atomic list is emptied', { args: ['a'] }, { args: [] }, { args: [] }],
    ['an atomic list becomes null', { args: ['a'] }, { args: null }, { args: null }],
    ['an atomic map is replaced', { selector: { a: '1' } }, { selector: { b: '2' } }, { selector: { b: '2' } }],
    ['a map is joined', { labels: { a: '1' } }, { labels: { b: '2' } }, { labels: { a: '1', b: '2' } }],
    ['an empty map takes nothing away', { labels: { a: '1' } }, { labels: {} }, { labels: { a: '1' } }],
    ['null takes no map away', { labels: { a: '1' } }, { labels: null }, { labels: { a: '1' } }],
    ['null takes no list of items away', { set: ['a'] }, { set: null }, { set: ['a'] }],
    ['null replaces an empty map', { labels: {} }, { labels: null }, { labels: null }],
    ['null replaces a scalar', { size: 1 }, { size: null }, { size: null }],
    [
      'a key that is left out counts as its default',
      { ports: [{ port: 1, protocol: 'TCP', name: 'x' }] },
      { ports: [{ port: 1 }, { port: 1, protocol: 'UDP' }] },
      {
        ports: [
          { port: 1, protocol: 'TCP', name: 'x' },
          { port: 1, protocol: 'UDP' },
        ],
      },
    ],
    [
      'live items under one key are replaced by the applied one',
      {
        ports: [
          { port: 1, name: 'x' },
          { port: 1, protocol: 'TCP', name: 'y' },
          { port: 2, name: 'z' },
          { port: 2, name: 'z' },
        ],
      },
      { ports: [{ port: 1 }] },
      {
        ports: [{ port: 1 }, { port: 2, name: 'z' }, { port: 2, name: 'z' }],
      },
    ],
    [
      'what has no schema is joined map by map',
      { free: { a: { b: 1 } } },
      { free: { a: { c: 2 } } },
      { free: { a: { b: 1, c: 2 } } },
    ],
    ['what has no schema may change its shape', { free: { a: 1 } }, { free: [1] }, { free: [1] }],
  ])('%s', (_, live, applied, merged) => {
    expect(mergeApplied(widget, live, applied)).toEqual(merged);
  });

  it('takes items and fields out, and leaves an empty container of which it took the last', () => {
    const gone = fieldSetOfPaths([['f:set', 'v:"a"'], ['f:labels', 'f:a'], ['f:size']]);
    expect(withoutFields(widget, { set: ['a'], labels: { a: '1' }, size: 1, args: ['a'] }, gone)).toEqual({
      set: [],
      labels: {},
      args: ['a'],
    });
  });
});
