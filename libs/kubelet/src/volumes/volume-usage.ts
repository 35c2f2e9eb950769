import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quantityValue } from '@kubernest/meta';
import type { Pod, Volume } from '../types.ts';

/** Volumes on disk that may only grow so far. The kernel itself bounds those in memory. */
export const boundedVolumes = (pod: Pod): readonly Volume[] =>
  (pod.spec?.volumes ?? []).filter(({ emptyDir }) => emptyDir?.sizeLimit !== undefined && emptyDir.medium !== 'Memory');

/** Why the pod must go; undefined while all of its volumes keep their bounds. `pathOf` undefined: not set up. */
export async function overfullVolume(
  pod: Pod,
  pathOf: (volume: string) => string | undefined,
): Promise<string | undefined> {
  for (const { name, emptyDir } of boundedVolumes(pod)) {
    const path = pathOf(name);
    const limit = emptyDir?.sizeLimit ?? '0';
    if (path !== undefined && (await usedBytes(path)) > quantityValue(limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  return undefined;
}

/** As du counts: the blocks that files take. What goes while we look, or cannot be read, counts nothing, and the rest all the same. */
async function usedBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    const stats = await lstat(path).catch(() => undefined);
    sum += (stats?.blocks ?? 0) * 512;
    if (entry.isDirectory()) sum += await usedBytes(path);
  }
  return sum;
}
