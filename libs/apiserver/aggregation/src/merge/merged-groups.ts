import { compareVersions, type DiscoveredGroup, type DiscoveredVersion } from '@kubernest/definitions';
import type { Priority } from '../backends.ts';
import type { Described } from '../description/descriptions.ts';

export type PriorityOf = (group: string, version: string) => Priority | undefined;

/**
 * All groups in the order of their priorities, and the versions of each. compat: a group has the highest of its versions', equal ones go by
 * their names. What no APIService names yet (the first seconds of a cluster) stays in front, in its own order.
 */
export function mergedGroups(
  own: readonly DiscoveredGroup[],
  others: readonly Described[],
  priorityOf: PriorityOf,
): readonly DiscoveredGroup[] {
  const groups = new Map<string, Map<string, DiscoveredVersion>>();
  const versionsOf = (group: string) => groups.getOrInsertComputed(group, () => new Map());
  for (const { metadata, versions } of own)
    for (const version of versions) versionsOf(metadata.name ?? '').set(version.version, version);
  for (const { backend, resources, isCurrent } of others) {
    const { group, version } = backend;
    versionsOf(group).set(version, { version, freshness: isCurrent ? 'Current' : 'Stale', resources });
  }
  const ranked = [...groups].map(([name, versions]) => {
    const all = [...versions.values()];
    const ranks = all.map(({ version }) => priorityOf(name, version));
    const rank = Math.max(...ranks.map((priority) => priority?.group ?? (ranks.some(Boolean) ? 0 : Infinity)));
    return { name, rank, versions: all.sort(byPriority((version) => priorityOf(name, version)?.version ?? Infinity)) };
  });
  return ranked
    .sort((a, b) => descending(a.rank, b.rank) || (a.rank === Infinity ? 0 : a.name < b.name ? -1 : 1))
    .map(({ name, versions }) => ({ metadata: { name }, versions }));
}

const byPriority =
  (priorityOf: (version: string) => number) =>
  (a: DiscoveredVersion, b: DiscoveredVersion): number =>
    descending(priorityOf(a.version), priorityOf(b.version)) || compareVersions(a.version, b.version);

const descending = (a: number, b: number): number => (a === b ? 0 : b - a);
