import { join } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import { removeTree } from '@kubernest/process';
import { answered } from '../answered.ts';
import type { Pod, Volume } from '../types.ts';
import { volumeDrivers } from './drivers.ts';
import type { VolumeContext, VolumeSetup } from './volume.ts';

/** A volume could not be made: an event `FailedMount`, and the pod waits. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}

export interface MountedVolumes {
  readonly paths: ReadonlyMap<string, VolumeSetup>;
  readonly refreshAt: number | undefined;
}

/** Sets up every volume that a container of this pod mounts; called again it refreshes them. */
export async function setUpVolumes(
  pod: Pod,
  podDir: string,
  volumes: VolumeContext,
  ctx: Context,
): Promise<MountedVolumes> {
  const paths = new Map<string, VolumeSetup>();
  let refreshAt: number | undefined;
  for (const volume of pod.spec?.volumes ?? []) {
    const setup = await setUpVolume(volume, podDir, volumes, ctx);
    paths.set(volume.name, setup);
    if (setup.refreshAt !== undefined) refreshAt = Math.min(refreshAt ?? Infinity, setup.refreshAt);
  }
  return { paths, refreshAt };
}

async function setUpVolume(volume: Volume, podDir: string, volumes: VolumeContext, ctx: Context): Promise<VolumeSetup> {
  const driver = volumeDrivers.find((d) => volume[d.source] !== undefined);
  if (!driver) throw new VolumeError(`volume "${volume.name}" has no source that this node knows`);
  const dir = join(podDir, 'volumes', driver.directory, volume.name);
  try {
    return await answered({ who: 'its driver' }, (limited) => driver.setUp(volume, dir, volumes, limited), ctx);
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Unmounts and removes all that a pod had on this machine; gone already is success. What host paths point to is never touched, and what
 * is mounted meanwhile is not either: then it rejects.
 */
export async function removePodDir(
  podDir: string,
  volumes: Pick<VolumeContext, 'mounter'>,
  ctx: Context,
): Promise<void> {
  for (const path of await volumes.mounter.mountsBelow(podDir)) {
    await answered({ who: `the unmount of ${path}` }, (limited) => volumes.mounter.unmount(path, limited), ctx);
  }
  const [left] = await volumes.mounter.mountsBelow(podDir);
  if (left !== undefined) throw new Error(`${podDir} is not removed: ${left} is mounted`);
  await removeTree(podDir);
}
