import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ifThere, type Mount, mountsIn } from '@kubernest/process';
import type { ClusterDir } from './cluster-dir.ts';

/** Where the engine and the agent mount, and how many folders deeper they begin to: what is mounted above that was mounted by somebody else. */
const places = [
  ['docker/exec', 1],
  ['docker/data', 2],
  ['agent/pods', 2],
] as const;

/** Unmounts what the cluster's engine and agent mounted in the data directory, the innermost first. Nothing mounted is success. */
export async function unmountOwn(dir: ClusterDir): Promise<void> {
  // The kernel tells where things lie, not which links lead there.
  const path = await ifThere(realpath(dir.path));
  if (path === undefined) return;
  for (const point of ownMounts(mountsIn(readFileSync('/proc/self/mountinfo', 'utf8')), path))
    spawnSync('umount', [point]);
}

/** Of these mounts the cluster's own, in the order in which they can be unmounted. */
export function ownMounts(mounts: readonly Mount[], dataDir: string): readonly string[] {
  return mounts
    .filter((mount) => places.some(([place, depth]) => isOwn(mount, { mounts, place: join(dataDir, place), depth })))
    .map(({ point }) => point)
    .toReversed();
}

interface Place {
  readonly mounts: readonly Mount[];
  readonly place: string;
  readonly depth: number;
}

function isOwn(mount: Mount, { mounts, place, depth }: Place): boolean {
  const { point } = mount;
  if (point !== place && !point.startsWith(`${place}/`)) return false;
  return relative(place, point).split('/').filter(Boolean).length >= depth || showsItself(mount, mounts);
}

/** A folder that is mounted onto itself, as engines do to set how mounts spread: without it the same is seen there. */
function showsItself({ point, device, root }: Mount, mounts: readonly Mount[]): boolean {
  const below = mounts
    .filter((other) => other.point !== point && (other.point === '/' || point.startsWith(`${other.point}/`)))
    .toSorted((a, b) => a.point.length - b.point.length)
    .at(-1);
  return below !== undefined && below.device === device && join(below.root, relative(below.point, point)) === root;
}
