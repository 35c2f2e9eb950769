import { existsSync } from 'node:fs';
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';
import { type CgroupName, folderOf, sliceOf } from './cgroup-name.ts';
import { limitFiles, sliceProperties } from './limit-files.ts';
import type { CgroupLimits } from './pod-limits.ts';

/** Makes, bounds and removes cgroups of one machine. All is safe to call again. */
export interface CgroupTree {
  put(name: CgroupName, limits: CgroupLimits, ctx: Context): Promise<void>;
  /** Gone already is success; one that still holds something rejects with EBUSY or ENOTEMPTY. */
  remove(name: CgroupName, ctx: Context): Promise<void>;
  /** The levels right below. */
  list(name: CgroupName): Promise<readonly string[]>;
}

const controllersV1 = ['cpu', 'memory'] as const;
const controllersV2 = '+cpu +memory +pids';

/** Folders and files, for an engine whose driver is cgroupfs. `mount` is where the hierarchies are: `/sys/fs/cgroup`. */
export function cgroupFiles(mount: string, version: 1 | 2): CgroupTree {
  const folder = (name: CgroupName, controller: string): string =>
    version === 2 ? join(mount, folderOf(name, 'cgroupfs')) : join(mount, controller, folderOf(name, 'cgroupfs'));
  return {
    async put(name, limits) {
      if (version === 2) await makeV2(mount, name);
      else for (const controller of controllersV1) await mkdir(folder(name, controller), { recursive: true });
      for (const file of limitFiles(limits, version))
        await writeFile(join(folder(name, file.controller), file.name), file.text);
    },
    async remove(name) {
      // The engine makes its containers' parents in every hierarchy, not only where limits are written.
      const hierarchies = version === 2 ? [''] : await folders(mount);
      for (const hierarchy of hierarchies) await removeFolder(folder(name, hierarchy));
    },
    async list(name) {
      return folders(folder(name, 'cpu'));
    },
  };
}

/** A controller works in a folder only when its parent hands it down. */
async function makeV2(mount: string, name: CgroupName): Promise<void> {
  let folder = mount;
  for (const level of name) {
    await writeFile(join(folder, 'cgroup.subtree_control'), controllersV2);
    folder = join(folder, level);
    await mkdir(folder, { recursive: true });
  }
}

/** Slices, for an engine whose driver is systemd: the tree is systemd's own, so it is told and nothing is written past it. */
export function systemdSlices(
  mount: string,
  version: 1 | 2,
  systemctl: (args: readonly string[], ctx: Context) => Promise<void>,
): CgroupTree {
  const folder = (name: CgroupName): string => join(mount, version === 2 ? '' : 'cpu', folderOf(name, 'systemd'));
  return {
    async put(name, limits, ctx) {
      const properties = sliceProperties(limits, version);
      if (properties.length > 0) await systemctl(['set-property', '--runtime', sliceOf(name), ...properties], ctx);
    },
    async remove(name, ctx) {
      try {
        await systemctl(['stop', sliceOf(name)], ctx);
        await systemctl(['revert', sliceOf(name)], ctx);
      } catch (error) {
        // It refuses what it does not know (any more).
        if (existsSync(folder(name))) throw error;
      }
    },
    async list(name) {
      const names = await folders(folder(name));
      const prefix = sliceOf(name).replace(/\.slice$/, '-');
      return names.flatMap((each) => (each.startsWith(prefix) ? [each.slice(prefix.length, -'.slice'.length)] : []));
    },
  };
}

async function folders(path: string): Promise<string[]> {
  const entries = (await ifThere(readdir(path, { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** With those of containers that their engine lost track of. What still holds a process rejects. */
async function removeFolder(path: string): Promise<void> {
  for (const level of await folders(path)) await removeFolder(join(path, level));
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
