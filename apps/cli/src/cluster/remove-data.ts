import { existsSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { emptyTree, mountPoints, removeTree } from '@kubernest/process';
import type { ClusterDir } from './cluster-dir.ts';
import { claimToRemove } from './holders.ts';
import { forgetCluster } from './known-clusters.ts';
import { isOwnName } from './own-names.ts';
import { isLeftover } from './take-folder.ts';

/**
 * Removes what is the cluster's in its data directory, and the directory if nothing else is in it. What is mounted there by somebody else is
 * emptied and stays mounted. Resolves with the names that stay. What tells that there is a cluster goes last, so that a removal that failed
 * can be repeated.
 */
export async function removeData(dir: ClusterDir, kept: readonly string[] = []): Promise<readonly string[]> {
  if (!existsSync(dir.path)) return [];
  const own = readdirSync(dir.path).filter((name) => isOwnName(name) && !kept.includes(name));
  const points = new Set(await mountPoints());
  const faults: unknown[] = [];
  for (const name of own.filter((name) => name !== 'cluster.json'))
    await removeOne(join(realpathSync(dir.path), name), points).catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw faults[0];
  await removeTree(dir.in('cluster.json'));
  const left = readdirSync(dir.path);
  if (left.length === 0) removeEmpty(dir.path);
  return left;
}

/** The same after a first start that failed, but for what tells why. No cluster is there then. */
export async function removeFailed(dir: ClusterDir): Promise<void> {
  await removeData(dir, ['run']);
  forgetCluster(dir);
}

/** The same after a start that chose nothing yet, unless another starts there meanwhile, or a process has told why it failed. */
export async function removeUnbegun(dir: ClusterDir): Promise<void> {
  const letGo = await claimToRemove(dir);
  if (!letGo) return;
  try {
    // Looked at only now: another may have come and gone meanwhile.
    if (!dir.exists() && !dir.hasRun() && !existsSync(dir.logFile('api'))) await removeLeftovers(dir);
  } finally {
    await letGo();
  }
}

/** The same where no cluster has come to be: only what a start that broke off leaves. For who has claimed the place. */
export async function removeLeftovers(dir: ClusterDir): Promise<void> {
  if (existsSync(dir.path)) {
    const left = readdirSync(dir.path);
    const ours = left.filter((name) => isLeftover(dir, name));
    for (const name of ours) await removeTree(dir.in(name));
    if (ours.length > 0 && ours.length === left.length) removeEmpty(dir.path);
  }
  // Last, as the folder of all clusters goes with it where this was the only one.
  forgetCluster(dir);
}

const removeOne = (path: string, points: ReadonlySet<string>): Promise<void> =>
  points.has(path) ? emptyTree(path) : removeTree(path);

/** A mount point, a link, or a folder in a parent of somebody else stays, empty. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EBUSY', 'ENOTDIR', 'ENOTEMPTY', 'EACCES', 'EPERM', 'EROFS'].includes(code ?? '')) throw error;
  }
}
