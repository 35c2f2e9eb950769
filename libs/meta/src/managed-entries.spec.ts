import { describe, expect, it } from 'vitest';
import { fieldSetOfPaths } from './field-set.ts';
import {
  capManagers,
  type ManagerEntry,
  type Managers,
  managerIdentity,
  readManagers,
  writeManagers,
} from './managed-entries.ts';
import type { ManagedFieldsEntry } from './object.ts';

const entry: ManagedFieldsEntry = {
  manager: 'm',
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:a': {} },
};

describe('managed fields that a client sends', () => {
  it.each<[string, unknown]>([
    ['another operation', { ...entry, operation: 'Patch' }],
    ['no version', { ...entry, apiVersion: '' }],
    ['no type of its fields', { ...entry, fieldsType: undefined }],
    ['another type of its fields', { ...entry, fieldsType: 'FieldsV2' }],
    ['fields that are none', { ...entry, fieldsV1: { a: {} } }],
  ])('cannot be read with %s', (_, sent) => {
    expect(readManagers([sent as ManagedFieldsEntry])).toBeUndefined();
  });

  it('have one entry a manager: the last one counts', () => {
    const managers = readManagers([entry, { ...entry, fieldsV1: { 'f:b': {} } }]);
    expect([...managers!.values()].map(({ set }) => [...set.children.keys()])).toEqual([['f:b']]);
  });
});

describe('managed fields that are written', () => {
  const managers = readManagers([
    { ...entry, manager: 'z', time: '2026-01-01T00:00:00Z', subresource: 'status' },
    { ...entry, operation: 'Apply', fieldsV1: { 'f:spec': { '.': {}, 'k:{"name":"a"}': { 'f:b': {} } } } },
  ])!;

  it('are known as they would be read', () => {
    const written = writeManagers(managers);
    const read = readManagers(JSON.parse(JSON.stringify(written)) as ManagedFieldsEntry[])!;
    expect([...readManagers(written)!]).toEqual([...read]);
  });

  it('cannot be changed by whoever gets them', () => {
    const [first] = writeManagers(managers);
    expect(() => Object.assign(first!.fieldsV1!, { 'f:other': {} })).toThrow(TypeError);
  });
});

describe('too many updaters', () => {
  const updater = (name: string, time: string, apiVersion = 'v1'): ManagerEntry => ({
    manager: name,
    operation: 'Update',
    apiVersion,
    subresource: '',
    time,
    set: fieldSetOfPaths([[`f:${name}`]]),
  });
  const cap = (entries: readonly ManagerEntry[]): string[] => {
    const managers: Managers = new Map(entries.map((one) => [managerIdentity(one), one]));
    capManagers(managers);
    return [...managers.values()].map(
      (one) => `${one.manager} ${one.apiVersion} ${one.time} ${[...one.set.children.keys()]}`,
    );
  };
  const nine = Array.from({ length: 9 }, (_, i) => updater(`n${i}`, 't9'));

  it('are joined from the oldest on, each version by itself, under the time of the latest joined', () => {
    expect(
      cap([updater('a', 't1'), updater('b', 't2', 'v2'), updater('c', 't3'), ...nine].slice(0, 12)).slice(-2),
    ).toEqual(['n8 v1 t9 f:n8', 'ancient-changes v1 t9 f:a,f:c,f:n0']);
  });

  it('keep what was joined before', () => {
    const kept = cap([updater('ancient-changes', 't5'), updater('a', 't1'), updater('b', 't2'), ...nine]);
    expect(kept.filter((line) => line.startsWith('ancient'))).toEqual([
      'ancient-changes v1 t5 f:a,f:b,f:ancient-changes',
    ]);
  });

  it('are left alone when every one speaks another version', () => {
    const many = Array.from({ length: 12 }, (_, i) => updater(`v${i}`, 't1', `v${i}`));
    expect(cap(many)).toHaveLength(12);
  });
});
