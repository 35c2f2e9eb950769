import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, makeFolder } from '@kubernest/process';
import { forgetFormer, formerPaths } from './former-list.ts';

/** A cluster that was started once and has not been purged, so that it is found wherever it is, and missed where it is gone. */
export interface RememberedCluster {
  readonly path: string;
  /** Absent for one that an older version remembered. */
  readonly name?: string;
}

/**
 * A link for each, to its directory: made and taken away at once and by itself, so that of several commands none loses what another has
 * just written, and a full disk tears nothing. No cluster's directory is hidden.
 */
const folderIn = (parent: string): string => join(parent, '.known');

export function rememberedClusters(parent: string): readonly RememberedCluster[] {
  const links = namesIn(folderIn(parent)).flatMap((file) => linkIn(folderIn(parent), file));
  const paths = new Set(links.map(({ path }) => path));
  return [...links, ...formerPaths(parent).flatMap((path) => (paths.has(path) ? [] : [{ path }]))];
}

export function remember(cluster: Required<RememberedCluster>, parent: string): void {
  const own = linkName(cluster);
  addLink(cluster.path, join(folderIn(parent), own));
  // Whoever was there before has been purged, or this one could not be.
  for (const file of linksTo(cluster.path, parent)) if (file !== own) rmSync(join(folderIn(parent), file));
}

export function forget(path: string, parent: string): void {
  for (const file of linksTo(path, parent)) rmSync(join(folderIn(parent), file), { force: true });
  removeEmpty(folderIn(parent));
  forgetFormer(path, parent);
  removeEmpty(parent);
}

const placeOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);
const linkName = ({ path, name }: Required<RememberedCluster>): string => `${name}.${placeOf(path)}`;

const linksTo = (path: string, parent: string): readonly string[] =>
  namesIn(folderIn(parent)).filter((file) => file.endsWith(`.${placeOf(path)}`));

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

function linkIn(folder: string, file: string): readonly RememberedCluster[] {
  const [, name] = /^([a-z0-9-]+)\.[0-9a-f]{16}$/.exec(file) ?? [];
  if (name === undefined) return [];
  try {
    return [{ path: readlinkSync(join(folder, file)), name }];
  } catch (error) {
    // Forgotten a moment ago, or no link and not ours.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EINVAL') return [];
    throw error;
  }
}

function addLink(path: string, link: string): void {
  for (;;) {
    makeFolder(join(link, '..'), 0o700);
    try {
      return symlinkSync(path, link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      // The last of the others was forgotten meanwhile, and the folder with it.
      if (!isMissing(error)) throw error;
    }
  }
}

/** One that is a link, a mount point, or in a folder of somebody else stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const stays = ['ENOTEMPTY', 'EBUSY', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS'];
    if (!isMissing(error) && !stays.includes(code ?? '')) throw error;
  }
}
