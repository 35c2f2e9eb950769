import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A path that leads out of its volume, or to something that cannot be mounted. */
export class SubPathError extends Error {
  override readonly name = 'SubPathError';
}

/** Opens a name without what it names being read, followed or waited for: Node has no word for it. */
const O_PATH = 0o10000000;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const ANYTHING = O_PATH | constants.O_NOFOLLOW;

/**
 * Opens what lies at `sub` in a volume, whoever writes there at the same time; folders that are missing are made, as open as the volume.
 * Links are resolved once and must stay inside; then each part is opened by its own name in the one before it and no link is followed, so
 * that none that comes meanwhile leads anywhere. What is open is what must be mounted: its path may mean something else by then.
 */
export async function openSubPath(root: string, sub: string): Promise<FileHandle> {
  const parts = await partsOf(root, sub);
  const top = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  const { mode, gid } = await top.stat();
  let folder = top;
  try {
    for (const [i, part] of parts.entries()) {
      const next = await openPart(folder, { part, last: i === parts.length - 1, mode: mode & 0o7777, gid, sub });
      await folder.close();
      folder = next;
    }
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** As the parts are called inside the volume, its links resolved as far as anything is there. */
async function partsOf(root: string, sub: string): Promise<readonly string[]> {
  const realRoot = await realpath(root);
  const wanted = sub.split('/').filter((part) => part !== '' && part !== '.');
  if (wanted.includes('..')) throw outside(sub);
  const missing: string[] = [];
  for (let there = wanted; ; there = there.slice(0, -1)) {
    const real = await realpath(join(realRoot, ...there)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && there.length > 0) return undefined;
      throw error;
    });
    if (real !== undefined) {
      const inside = relative(realRoot, real).split('/');
      if (inside[0] === '..') throw outside(sub);
      return [...inside, ...missing].filter((part) => part !== '');
    }
    missing.unshift(there.at(-1) ?? '');
  }
}

interface Part {
  readonly part: string;
  readonly last: boolean;
  readonly mode: number;
  readonly gid: number;
  readonly sub: string;
}

async function openPart(folder: FileHandle, { part, last, mode, gid, sub }: Part): Promise<FileHandle> {
  const path = `/proc/self/fd/${folder.fd}/${part}`;
  const made = await mkdir(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  const opened = await open(path, last && !made ? ANYTHING : FOLDER).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ELOOP' || error.code === 'ENOTDIR' ? outside(sub) : error;
  });
  try {
    // Of a link the name itself is open, not what it leads to.
    if ((await opened.stat()).isSymbolicLink()) throw outside(sub);
    if (made) {
      await opened.chown(-1, gid);
      await opened.chmod(mode);
    }
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

const outside = (sub: string): SubPathError => new SubPathError(`subPath "${sub}" leads outside of its volume`);
