import type { DiscoveredGroup } from '@kubernest/definitions';
import { expect, test } from 'vitest';
import type { Priority } from '../backends.ts';
import type { Described } from '../description/descriptions.ts';
import { mergedGroups } from './merged-groups.ts';

const group = (name: string, ...versions: string[]): DiscoveredGroup => ({
  metadata: { name },
  versions: versions.map((version) => ({ version, freshness: 'Current', resources: [] })),
});
const other = (group: string, version: string, isCurrent = true) =>
  ({ backend: { group, version }, isCurrent, resources: [] }) as unknown as Described;
const told = (groups: readonly DiscoveredGroup[]) =>
  groups.map(({ metadata, versions }) => `${metadata.name} ${versions.map(({ version }) => version)}`);

function order(own: DiscoveredGroup[], others: Described[], priorities: Record<string, [number, number]>) {
  const priorityOf = (group: string, version: string): Priority | undefined => {
    const [first, second] = priorities[`${version}.${group}`] ?? [];
    return first === undefined || second === undefined ? undefined : { group: first, version: second };
  };
  return mergedGroups(own, others, priorityOf);
}

test('what no APIService names yet stays in its order, before all others', () => {
  const own = [group('z', 'v1'), group('a', 'v2', 'v1')];
  expect(told(order(own, [other('b', 'v1')], { 'v1.b': [20000, 1] }))).toEqual(['z v1', 'a v2,v1', 'b v1']);
});

test('groups go by the highest of their versions, then by name; versions by their own, then by how settled they are', () => {
  const own = [group('a', 'v1', 'v1beta1'), group('b', 'v2', 'v1'), group('c', 'v1')];
  const priorities: Record<string, [number, number]> = {
    'v1.a': [100, 1],
    'v1beta1.a': [300, 9],
    'v2.b': [100, 5],
    'v1.b': [100, 5],
    'v1.c': [200, 1],
    'v1.d': [200, 1],
    'v3.b': [1, 7],
  };
  expect(told(order(own, [other('d', 'v1'), other('b', 'v3')], priorities))).toEqual([
    'a v1beta1,v1',
    'c v1',
    'd v1',
    'b v3,v2,v1',
  ]);
});

test('a group-version that another server answers is shown as that does, and as stale while it says nothing', () => {
  const [merged] = order([group('a', 'v1')], [other('a', 'v1', false)], { 'v1.a': [1, 1] });
  expect(merged).toEqual({ metadata: { name: 'a' }, versions: [{ version: 'v1', freshness: 'Stale', resources: [] }] });
});
