import { execFile } from 'node:child_process';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { mountPoints, pointsBelow, removeTree } from '@kubernest/process';
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
  async bind(source, path) {
    for (const mounted of pointsBelow(await mountPoints(), path)) await unmount(mounted);
    await removeTree(path);
    await mkdir(dirname(path), { recursive: true });
    if ((await source.stat()).isDirectory()) await mkdir(path);
    else await writeFile(path, '');
    // What is open is mounted as it is: to make out its path first would lose what it was opened for.
    await exec('mount', ['--bind', '--no-canonicalize', `/proc/${process.pid}/fd/${source.fd}`, path]);
    return path;
  },
  unmount,
  async mountsBelow(path) {
    return pointsBelow(await mountPoints(), path);
  },
};

/** Without root nothing can be mounted: memory volumes are plain directories. For hollow nodes and tests. */
export const directoryMounter: Mounter = {
  mountTmpfs: async (path) => void (await mkdir(path, { recursive: true })),
  bind: (source) => realpath(`/proc/self/fd/${source.fd}`),
  unmount: async () => {},
  mountsBelow: async () => [],
};

async function unmount(path: string): Promise<void> {
  if (!(await mountPoints()).includes(path)) return;
  // A lazy unmount lets a process that still holds a file finish; the directory is free at once.
  await exec('umount', [path]).catch(() => exec('umount', ['-l', path]));
}
