import { apiVersionOf } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { type GroupVersions, groupsOf } from './versions.ts';

interface GroupVersionForDiscovery {
  readonly groupVersion: string;
  readonly version: string;
}

export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly GroupVersionForDiscovery[];
  readonly preferredVersion: GroupVersionForDiscovery;
}

function groupOf({ group, versions }: GroupVersions): ApiGroup {
  const all = versions.map((version) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: all, preferredVersion: all[0]! };
}

/** `/api`. `serverAddress` is where this client reaches us: `192.0.2.1:6443`. */
export function apiVersions(definitions: readonly ResourceDefinition[], serverAddress: string) {
  const core = groupsOf(definitions).find(({ group }) => group === '');
  return {
    kind: 'APIVersions',
    versions: core?.versions ?? [],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  } as const;
}

/** `/apis`. */
export function apiGroupList(groups: readonly GroupVersions[]) {
  const named = groups.filter(({ group }) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(groupOf) } as const;
}

/** `/apis/<group>`; undefined where nothing is served. */
export function apiGroup(groups: readonly GroupVersions[], group: string) {
  const found = group !== '' && groups.find((entry) => entry.group === group);
  return found ? ({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) } as const) : undefined;
}
