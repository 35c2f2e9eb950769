import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, makeFolder } from '@kubernest/process';

/** A cluster that was started once and has not been purged, so that it is found wherever it is, and missed where it is gone. */
export interface RememberedCluster {
  readonly path: string;
  /** Absent for one that an older version remembered. */
  readonly name?: string;
}

/**
 * A link for each, to its directory: made and taken away at once and by itself, so that of several commands none loses what another has
 * just written, and a full disk tears nothing.
 */
export function rememberedClusters(parent: string): readonly RememberedCluster[] {
  const links = existsSync(parent) ? readdirSync(parent).flatMap((file) => linkIn(parent, file)) : [];
  const paths = new Set(links.map(({ path }) => path));
  return [...links, ...formerList(parent).flatMap((path) => (paths.has(path) ? [] : [{ path }]))];
}

export function remember(cluster: RememberedCluster, parent: string): void {
  makeFolder(parent);
  adoptFormerList(parent);
  for (const file of linksTo(cluster.path, parent)) if (file !== linkName(cluster)) rmSync(join(parent, file));
  addLink(cluster, parent);
}

export function forget(path: string, parent: string): void {
  if (!existsSync(parent)) return;
  adoptFormerList(parent);
  for (const file of linksTo(path, parent)) rmSync(join(parent, file), { force: true });
}

const placeOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);
const linkName = ({ path, name = '' }: RememberedCluster): string => `.${name}.${placeOf(path)}`;

const linksTo = (path: string, parent: string): readonly string[] =>
  readdirSync(parent).filter((file) => file.startsWith('.') && file.endsWith(`.${placeOf(path)}`));

function linkIn(parent: string, file: string): readonly RememberedCluster[] {
  const [, name] = /^\.([a-z0-9-]*)\.[0-9a-f]{16}$/.exec(file) ?? [];
  if (name === undefined) return [];
  try {
    const path = readlinkSync(join(parent, file));
    return [name === '' ? { path } : { path, name }];
  } catch (error) {
    // Forgotten a moment ago, or no link and not ours.
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'EINVAL') return [];
    throw error;
  }
}

function addLink(cluster: RememberedCluster, parent: string): void {
  try {
    symlinkSync(cluster.path, join(parent, linkName(cluster)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** One file for all of them, which versions before this kept. */
const formerFile = (parent: string): string => join(parent, 'elsewhere.json');

function formerList(parent: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(formerFile(parent), 'utf8'));
    return Array.isArray(read) ? read.filter((path) => typeof path === 'string') : [];
  } catch (error) {
    // It only helps to find things: what is damaged is left out.
    if (isMissing(error) || error instanceof SyntaxError) return [];
    throw error;
  }
}

function adoptFormerList(parent: string): void {
  for (const path of formerList(parent)) if (linksTo(path, parent).length === 0) addLink({ path }, parent);
  rmSync(formerFile(parent), { force: true });
}
