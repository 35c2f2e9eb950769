import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KubeObject } from './object.ts';
import { sameObject, sameObjectInSteps } from './object-diff.ts';
import { atOnce, type Steps } from './steps.ts';
import { deepEqual, freezeAsJson } from './value.ts';
import { cloneInSteps, equalInSteps, freezeInSteps } from './value-in-steps.ts';

const small = fc.jsonValue({ maxDepth: 2 });
const wide = () => ({ a: Array.from({ length: 1000 }, (_, i) => ({ i })), b: { c: null } });

const wideObject = (): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'K', metadata: { name: 'a' } },
  ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
});

it('equality in steps is equality', () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      expect(atOnce(equalInSteps(a, b))).toBe(deepEqual(a, b));
    }),
  );
  fc.assert(
    fc.property(small, (a) => {
      expect(atOnce(equalInSteps(a, structuredClone(a)))).toBe(true);
    }),
  );
});

it.each<[boolean, unknown, unknown]>([
  [true, wide(), wide()],
  [false, wide(), { ...wide(), b: { c: undefined } }],
  [true, { a: 1, b: undefined }, { a: 1 }],
  [true, { a: 1 }, { a: 1, b: undefined }],
  [false, { a: undefined }, { a: null }],
  [false, [1, 2], [1]],
  [false, [], {}],
  [false, { a: 1 }, { b: 1 }],
  [true, Number.NaN, Number.NaN],
])('%s: case %#', (expected, a, b) => {
  expect(atOnce(equalInSteps(a, b))).toBe(expected);
  expect(deepEqual(a, b)).toBe(expected);
});

it('a copy in steps is equal and shares nothing', () => {
  const value = JSON.parse('{"__proto__":{"a":[1]},"b":{"c":[{}]}}') as { b: object };
  const copy = atOnce(cloneInSteps(value));
  expect(copy).toEqual(value);
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(copy.b).not.toBe(value.b);
  fc.assert(
    fc.property(small, (a) => {
      expect(atOnce(cloneInSteps(a))).toEqual(a);
    }),
  );
});

it('what is frozen in steps is frozen to the bottom, as JSON', () => {
  const value = { ...wide(), none: undefined };
  const alike = structuredClone(value);
  atOnce(freezeInSteps(value));
  expect(Object.keys(value)).toEqual(Object.keys(freezeAsJson(alike)));
  for (const part of [value, value.a, value.a.at(-1), value.b]) expect(Object.isFrozen(part)).toBe(true);
});

it.each<[string, () => Steps<unknown>]>([
  ['freezing', () => freezeInSteps(wide())],
  ['comparing', () => equalInSteps(wide(), wide())],
  ['copying', () => cloneInSteps(wide())],
  ['comparing the fields of', () => sameObjectInSteps(wideObject(), wideObject())],
])('%s a wide value takes several steps', (_, begin) => {
  const steps = begin();
  for (let i = 0; i < 3; i++) expect(steps.next().done).toBe(false);
});

it('objects are compared in steps as they are at once: neither times of managers nor the version count', () => {
  const object = (metadata: object, data: unknown): KubeObject =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }) as unknown as KubeObject;
  const entry = (time: string) => [{ manager: 'm', time, fieldsV1: {} }];
  const all = [
    object({ name: 'a', managedFields: entry('1'), resourceVersion: '1' }, { a: '1' }),
    object({ name: 'a', managedFields: entry('2') }, { a: '1' }),
    object({ name: 'a', managedFields: [...entry('1'), ...entry('2')] }, { a: '1' }),
    object({ name: 'a' }, { a: '1' }),
    object({ name: 'a' }, { a: '2' }),
    object({ name: 'a', managedFields: [] }, { a: '1' }),
    object({ name: 'a' }, undefined),
    { ...object({ name: 'a' }, undefined), other: 1 } as KubeObject,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
  ];
  for (const a of all) for (const b of all) expect(atOnce(sameObjectInSteps(a, b))).toBe(sameObject(a, b));
  expect(sameObject(all[0]!, all[1]!)).toBe(true);
});
