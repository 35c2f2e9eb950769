import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { mountPoints, pointsBelow } from '@kubernest/process';
import type { Mounter } from './volume.ts';

const exec = promisify(execFile);

/** Mounts with the machine's own commands; needs root. */
export const systemMounter: Mounter = {
  async mountTmpfs(path, sizeBytes) {
    await mkdir(path, { recursive: true });
    if ((await mountPoints()).includes(path)) return;
    const options = ['-t', 'tmpfs', ...(sizeBytes ? ['-o', `size=${Math.ceil(sizeBytes)}`] : []), 'tmpfs', path];
    // Not to be broken off: whoever gave up on it would not know whether it is mounted.
    await exec('mount', options);
  },
  async unmount(path) {
    if (!(await mountPoints()).includes(path)) return;
    // A lazy unmount lets a process that still holds a file finish; the directory is free at once.
    await exec('umount', [path]).catch(() => exec('umount', ['-l', path]));
  },
  async mountsBelow(path) {
    return pointsBelow(await mountPoints(), path);
  },
};

/** Without root nothing can be mounted: memory volumes are plain directories. For hollow nodes and tests. */
export const directoryMounter: Mounter = {
  mountTmpfs: async (path) => void (await mkdir(path, { recursive: true })),
  unmount: async () => {},
  mountsBelow: async () => [],
};
