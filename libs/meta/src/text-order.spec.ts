import { describe, expect, it } from 'vitest';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { decodeObject } from './decode-object.ts';
import { unknownInJsonPatch } from './json-patch-shape.ts';
import { MOST_PATH_LETTERS } from './schema-place.ts';
import { inTextOrder } from './strict-json.ts';

/** Whoever makes the path of each key below such a one makes gigabytes of text. */
const longKey = 'k'.repeat(100_000);
const cutKey = `${'k'.repeat(MOST_PATH_LETTERS)}…`;
const members = Array.from({ length: 12_000 }, (_, i) => `"u${i}":1`).join();

const unknown = (path: string) => `unknown field "${path}"`;
const duplicate = (path: string) => `duplicate field "${path}"`;

describe('below a key as long as a request', () => {
  it('faults are put in the order of the text', () => {
    const text = `{"z":1,"z":2,"${longKey}":{${members}},"a":1}`;
    const faults = [unknown('a'), unknown(cutKey), duplicate('z')];
    expect(inTextOrder(text, faults)).toEqual([duplicate('z'), unknown(cutKey), unknown('a')]);
  });

  it.each([
    ['keys', `{${members},${members}}`, 1],
    ['one key, again and again', `{${'"u":1,'.repeat(20_000)}"u":2}`, 1],
    ['one key of many', `[${'{"u":1,"u":2},'.repeat(5000)}1]`, 1],
  ])('duplicates are told as much as a path is: %s', (_, value, told) => {
    const { duplicates } = decodeObject(`{"${longKey}":${value}}`, 'json', { findDuplicates: true });
    expect(duplicates).toEqual(Array.from({ length: told }, () => duplicate(cutKey)));
  });

  it('what no operation of a JSON patch has is told as far', () => {
    const operation = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`${longKey}${i}`, 1]));
    const told = unknownInJsonPatch([operation]);
    expect(told).toHaveLength(MOST_TOLD_FAULTS);
    expect(new Set(told)).toEqual(new Set([unknown(`[0].${'k'.repeat(MOST_PATH_LETTERS - 4)}…`)]));
  });
});

it.each([
  ['a key with a dot', '{"b":1,"a.b":{"c":1},"a":{"b":{"d":1}}}', ['a.b.d', 'a.b.c', 'b'], ['b', 'a.b.c', 'a.b.d']],
  ['one that begins like another', '{"ab":1,"a":{"b":1}}', ['a', 'a.b', 'ab'], ['ab', 'a', 'a.b']],
  ['items', '{"l":[{},{"x":1},[{"y":1}]],"k":1}', ['k', 'l[2][0].y', 'l[1].x'], ['l[1].x', 'l[2][0].y', 'k']],
  ['what is met nowhere comes first', '{"a":{"b":1},"c":1}', ['c', 'a.c', 'a.b'], ['a.c', 'a.b', 'c']],
  [
    'deep below',
    `${'{"a":'.repeat(300)}{"x":1}${'}'.repeat(299)},"b":1}`,
    ['b', `${'a.'.repeat(300)}x`],
    [`${'a.'.repeat(300)}x`, 'b'],
  ],
])('the order of the text: %s', (_, text, paths, ordered) => {
  expect(inTextOrder(text, paths.map(unknown))).toEqual(ordered.map(unknown));
});

it('of keys that are given twice the first hundred are told, each once', () => {
  const text = `{${Array.from({ length: 500 }, (_, i) => `"k${i}":{"x":1,"x":2,"x":3}`).join()}}`;
  const { duplicates } = decodeObject(text, 'json', { findDuplicates: true });
  expect(duplicates).toEqual(Array.from({ length: MOST_TOLD_FAULTS }, (_, i) => duplicate(`k${i}.x`)));
});
