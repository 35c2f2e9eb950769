import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Mounter } from './volume.ts';

const exec = promisify(execFile);

/** Mounts with the machine's own commands; needs root. */
export const systemMounter: Mounter = {
  async mountTmpfs(path, sizeBytes) {
    await mkdir(path, { recursive: true });
    if ((await mounts()).includes(path)) return;
    const options = ['-t', 'tmpfs', ...(sizeBytes ? ['-o', `size=${Math.ceil(sizeBytes)}`] : []), 'tmpfs', path];
    // Not to be broken off: whoever gave up on it would not know whether it is mounted.
    await exec('mount', options);
  },
  async unmount(path) {
    if (!(await mounts()).includes(path)) return;
    // A lazy unmount lets a process that still holds a file finish; the directory is free at once.
    await exec('umount', [path]).catch(() => exec('umount', ['-l', path]));
  },
  async mountsBelow(path) {
    const below = (await mounts()).filter((m) => m === path || m.startsWith(`${path}/`));
    return below.sort((a, b) => b.length - a.length);
  },
};

/** Without root nothing can be mounted: memory volumes are plain directories. For hollow nodes and tests. */
export const directoryMounter: Mounter = {
  mountTmpfs: async (path) => void (await mkdir(path, { recursive: true })),
  unmount: async () => {},
  mountsBelow: async () => [],
};

async function mounts(): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const path = line.split(' ')[4];
    return path
      ? [path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))]
      : [];
  });
}
