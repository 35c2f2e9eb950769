import { fieldSetOfPaths, type ManagedFieldsEntry } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import { ownersOfObject, ownersOfStandIn, type SharedField } from './stand-in-owners.ts';

const at = (...names: string[]) => fieldSetOfPaths([names.map((name) => `f:${name}`)]);
/** Moved between two versions; a third has it not, and a fourth is served no more. */
const shared: SharedField = {
  standIn: { apiVersion: 'scale/v1', field: at('spec', 'replicas') },
  object: { apiVersion: 'lamps/v2', field: at('size') },
  within: (apiVersion) =>
    ({ 'lamps/v1': at('spec', 'count'), 'lamps/v2': at('size'), 'lamps/v3': 'none' as const })[apiVersion],
};

type Told = readonly [
  manager: string,
  operation: 'Apply' | 'Update',
  apiVersion: string,
  fields: object,
  time?: string,
];
const entry = ([manager, operation, apiVersion, fieldsV1, time]: Told) =>
  ({ manager, operation, apiVersion, fieldsType: 'FieldsV1', fieldsV1, ...(time && { time }) }) as ManagedFieldsEntry;
const told = (entries: readonly ManagedFieldsEntry[]) =>
  entries.map(({ manager, operation, apiVersion, fieldsV1, time }) => [
    manager,
    operation,
    apiVersion,
    fieldsV1,
    ...(time ? [time] : []),
  ]);

const inScale = { 'f:spec': { 'f:replicas': {} } };
const counts = { 'f:spec': { 'f:count': {}, 'f:x': {} } };
const other = { 'f:spec': { 'f:x': {} } };
const entries = [
  entry(['a', 'Apply', 'lamps/v2', { 'f:size': {} }, '1']),
  entry(['u', 'Update', 'lamps/v1', counts, '2']),
  entry(['v3', 'Update', 'lamps/v3', { 'f:size': {} }, '3']),
  entry(['gone', 'Update', 'lamps/v0', { 'f:size': {} }, '4']),
  entry(['x', 'Update', 'lamps/v1', other, '5']),
];

test('who owns the field of an object, wherever it is there, owns that of what stands for it', () => {
  expect(told(ownersOfStandIn(entries, shared))).toEqual([
    ['a', 'Apply', 'scale/v1', inScale, '1'],
    ['u', 'Update', 'scale/v1', inScale, '2'],
  ]);
  expect(ownersOfStandIn(undefined, shared)).toEqual([]);
});

describe('of an object, by who owns what stands for it', () => {
  const untouched = [
    ['v3', 'Update', 'lamps/v3', { 'f:size': {} }, '3'],
    ['x', 'Update', 'lamps/v1', other, '5'],
  ];

  test('who lost the field keeps what else they own, and nothing is owned in a version that is gone', () => {
    const taken = [entry(['new', 'Update', 'scale/v1', inScale, '9'])];
    expect(told(ownersOfObject(entries, taken, shared))).toEqual([
      ['new', 'Update', 'lamps/v2', { 'f:size': {} }],
      ['u', 'Update', 'lamps/v1', other, '2'],
      ...untouched,
    ]);
  });

  test('who applies keeps an entry as it is, and who updates has one more', () => {
    expect(told(ownersOfObject(entries, ownersOfStandIn(entries, shared), shared))).toEqual([
      ['a', 'Apply', 'lamps/v2', { 'f:size': {} }, '1'],
      ['u', 'Update', 'lamps/v2', { 'f:size': {} }],
      ['u', 'Update', 'lamps/v1', other, '2'],
      ...untouched,
    ]);
  });

  test('what is owned of what stands for it beside the field is nothing of the object', () => {
    const labels = [entry(['new', 'Apply', 'scale/v1', { 'f:metadata': { 'f:labels': { 'f:a': {} } } }])];
    const owners = told(ownersOfObject(entries, labels, shared));
    expect(owners.map(([manager]) => manager)).toEqual(['u', 'v3', 'x']);
  });
});
