import { called } from '../command/command-name.ts';
import { ClusterDir } from './cluster-dir.ts';
import { supervisorOf } from './holders.ts';
import { type KnownCluster, knownClusters } from './known-clusters.ts';
import { contextIsOf } from './user-kubeconfig.ts';

/** What a name stands for on a machine (containers, cgroups, the context of the user's kubeconfig) is one cluster's at a time. */
export function demandOwnName(dir: ClusterDir, known: readonly KnownCluster[] = knownClusters()): void {
  for (const { path, facts } of known) {
    if (path === dir.path || facts?.name !== dir.name) continue;
    const other = new ClusterDir(dir.name, path);
    const has = supervisorOf(other) ? 'runs' : contextIsOf(other) ? 'has its context' : undefined;
    if (has)
      throw new Error(
        `another cluster "${dir.name}" ${has}, that in ${path}: use another --name, or remove it with: ${called} down --purge${other.flags}`,
      );
  }
}
