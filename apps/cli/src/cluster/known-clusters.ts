import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '@kubernest/kit';
import { makeFolder } from '@kubernest/process';
import { called } from '../command/command-name.ts';
import { type ClusterDir, type ClusterFacts, parentOfClusters, readFacts } from './cluster-dir.ts';

/** A cluster of this user: its directory, and its facts unless they cannot be read. */
export interface KnownCluster {
  readonly path: string;
  readonly facts?: ClusterFacts;
  /** Why they cannot be read. */
  readonly fault?: string;
  /** It was started there once, and its directory is gone or empty: its disk is not mounted, or it was removed by hand. */
  readonly isMissing?: true;
}

/** Paths of clusters that were started, those that `--data-dir` put elsewhere included: a list, so that they are found again, and missed. */
const elsewhereFile = (parent: string): string => join(parent, 'elsewhere.json');

/** Every cluster of this user, those that `--data-dir` put elsewhere and those that are missed included, in the order of their paths. */
export function knownClusters(parent = parentOfClusters()): readonly KnownCluster[] {
  const beside = existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  return [...new Set([...beside, ...elsewhere(parent)])].toSorted().flatMap((path) => {
    if (holdsCluster(path)) return [readCluster(path)];
    return wasKnown(path, parent) ? [{ path, fault: missingWords(path), isMissing: true }] : [];
  });
}

/** Called at each start. One is dropped when even the folder is gone that its directory lay in: a disk may be mounted again. */
export function rememberCluster(dir: ClusterDir, parent = parentOfClusters()): void {
  const paths = elsewhere(parent).filter((path) => existsSync(dirname(path)));
  if (!paths.includes(dir.path)) writeElsewhere([...paths, dir.path], parent);
}

export function forgetCluster(dir: ClusterDir, parent = parentOfClusters()): void {
  const paths = elsewhere(parent);
  if (paths.includes(dir.path))
    writeElsewhere(
      paths.filter((path) => path !== dir.path),
      parent,
    );
}

/** A cluster has been in this directory, and has not been purged. At the customary place one that is gone altogether was removed by hand. */
export const wasKnown = (path: string, parent = parentOfClusters()): boolean =>
  elsewhere(parent).includes(path) && (existsSync(path) || dirname(path) !== parent);

/** Of a directory that was known and holds no cluster now. */
export const missingWords = (path: string, flags = ` --data-dir ${path}`): string =>
  `${path} held a cluster and is ${existsSync(path) ? 'without it' : 'gone'}: was its disk mounted there? Mount it again, or put the directory back from a backup; to forget it and begin anew in its place, first run: ${called} down --purge${flags}`;

function writeElsewhere(paths: readonly string[], parent: string): void {
  if (paths.length === 0) return rmSync(elsewhereFile(parent), { force: true });
  makeFolder(parent);
  const draft = `${elsewhereFile(parent)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(paths, null, 2)}\n`);
  renameSync(draft, elsewhereFile(parent));
}

const holdsCluster = (path: string): boolean => existsSync(join(path, 'cluster.json'));

function readCluster(path: string): KnownCluster {
  try {
    return { path, facts: readFacts(join(path, 'cluster.json')) };
  } catch (error) {
    return { path, fault: messageOf(error) };
  }
}

function elsewhere(parent: string): readonly string[] {
  if (!existsSync(elsewhereFile(parent))) return [];
  try {
    const read: unknown = JSON.parse(readFileSync(elsewhereFile(parent), 'utf8'));
    return Array.isArray(read) ? read.filter((path) => typeof path === 'string') : [];
  } catch {
    // A list that only helps to find things: what is damaged is begun anew.
    return [];
  }
}
