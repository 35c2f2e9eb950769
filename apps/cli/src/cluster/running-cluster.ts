import type { ClusterOptions } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { existingCluster } from './existing-cluster.ts';
import { supervisorOf } from './holders.ts';
import { partOf } from './parts.ts';

/**
 * The cluster of a command that needs it to run. Throws, with the line that starts it, where it does not; one whose `up` was killed has an API
 * for a while.
 */
export function runningCluster(options: ClusterOptions): { readonly dir: ClusterDir; readonly facts: ClusterFacts } {
  const { dir, facts } = existingCluster(options);
  if (!supervisorOf(dir) && !partOf(dir, 'api'))
    throw new Error(`cluster "${dir.name}" is stopped; start it with: ${called} up${dir.flags}`);
  return { dir, facts };
}
