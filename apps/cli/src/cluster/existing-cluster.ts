import type { ClusterOptions } from '../command/command.ts';
import { ClusterDir, type ClusterFacts } from './cluster-dir.ts';
import { noSuchCluster } from './no-such-cluster.ts';

/** The cluster of a command that is about one which was made before. Throws, with the line that starts one, where there is none. */
export function existingCluster(options: ClusterOptions): { readonly dir: ClusterDir; readonly facts: ClusterFacts } {
  const dir = new ClusterDir(options.name, options.dataDir);
  const facts = dir.facts();
  if (!facts) throw noSuchCluster(dir);
  return { dir, facts };
}
