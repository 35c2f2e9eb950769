import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { mountIdOf, mountPoints, pointsBelow } from './mounts.ts';

/** Something is mounted in a tree that was to be removed: unmount it first. */
export class StillMountedError extends Error {
  override readonly name = 'StillMountedError';
}

/** Folders are held open on the way down; what lies deeper is moved up first. */
const MOST_LEVELS = 64;

interface Removal {
  readonly path: string;
  readonly top: FileHandle;
  readonly mount: string;
  moved: number;
}

/**
 * Removes a tree that others may have written, or still write. Neither a link in it nor something that is mounted there meanwhile leads
 * anywhere else: each folder is opened by its own name in the one before it, and must lie in the same mount. Gone already is success.
 */
export async function removeTree(path: string): Promise<void> {
  const [inside] = pointsBelow(await mountPoints(), path);
  if (inside !== undefined) throw new StillMountedError(`${path} is not removed: ${inside} is a mount point`);
  if (await emptied(path)) await ignoreMissing(rmdir(path));
}

/** The same for what is in a folder, which stays: it may be a mount point itself. */
export async function emptyTree(path: string): Promise<void> {
  const inside = pointsBelow(await mountPoints(), path).find((point) => point !== path);
  if (inside !== undefined) throw new StillMountedError(`${path} is not emptied: ${inside} is a mount point`);
  await emptied(path);
}

/** False where there is no folder (any more). */
async function emptied(path: string): Promise<boolean> {
  const top = await openFolder(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR' || error.code === 'ELOOP') await ignoreMissing(unlink(path));
    else if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (!top) return false;
  try {
    const removal = { path, top, mount: await mountIdOf(top), moved: 0 };
    let moved: number;
    do {
      moved = removal.moved;
      await empty(top, removal, 0);
    } while (removal.moved > moved);
  } finally {
    await top.close();
  }
  return true;
}

async function empty(folder: FileHandle, removal: Removal, depth: number): Promise<void> {
  for (const entry of await readdir(nameOf(folder), { withFileTypes: true, encoding: 'buffer' })) {
    // A name need not be text.
    const child = Buffer.concat([Buffer.from(`${nameOf(folder)}/`), entry.name]);
    if (!entry.isDirectory()) await ignoreMissing(unlink(child));
    else if (depth < MOST_LEVELS) await removeFolder(child, removal, depth);
    else await rename(child, `${nameOf(removal.top)}/.deep-${removal.moved++}`);
  }
}

async function removeFolder(child: Buffer, removal: Removal, depth: number): Promise<void> {
  const folder = await openFolder(child);
  try {
    if ((await mountIdOf(folder)) !== removal.mount)
      throw new StillMountedError(`${removal.path} is not removed: something was mounted in it meanwhile`);
    await empty(folder, removal, depth + 1);
  } finally {
    await folder.close();
  }
  await ignoreMissing(rmdir(child));
}

const openFolder = (path: string | Buffer): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);

/** A folder that is open, however it is called by now. */
const nameOf = (folder: FileHandle): string => `/proc/self/fd/${folder.fd}`;

async function ignoreMissing(work: Promise<void>): Promise<void> {
  await work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
