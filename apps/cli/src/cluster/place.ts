import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isMissing, userOf } from '@kubernest/process';
import type { ClusterDir } from './cluster-dir.ts';

/** Where the data directory really lies, so that by way of a link it is no other cluster. It need not be there yet. */
export function placeOf({ path }: Pick<ClusterDir, 'path'>): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // Whoever can make nothing there, or go there, is told so where they try.
    if (!isMissing(error) || dirname(path) === path) return path;
    return join(placeOf({ path: dirname(path) }), basename(path));
  }
}

/** Whether a process is of this user, or of the one to whom the cluster belongs: that of nobody else is ended for it. */
export function isOwn(pid: number, { path }: Pick<ClusterDir, 'path'>): boolean {
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  return [process.geteuid?.(), owner].includes(userOf(pid) ?? -1);
}
