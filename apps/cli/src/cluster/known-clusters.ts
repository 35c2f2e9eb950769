import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '@kubernest/kit';
import { type ClusterDir, type ClusterFacts, parentOfClusters, readFacts } from './cluster-dir.ts';

/** A cluster of this user: its directory, and its facts unless they cannot be read. */
export interface KnownCluster {
  readonly path: string;
  readonly facts?: ClusterFacts;
  /** Why they cannot be read. */
  readonly fault?: string;
}

/** Paths of clusters that `--data-dir` put elsewhere: a list, so that they are found again. */
const elsewhereFile = (parent: string): string => join(parent, 'elsewhere.json');

/** Every cluster of this user, those that `--data-dir` put elsewhere included, in the order of their paths. */
export function knownClusters(parent = parentOfClusters()): readonly KnownCluster[] {
  const beside = existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  return [...new Set([...beside, ...elsewhere(parent)])].filter(holdsCluster).toSorted().map(readCluster);
}

/** Called at each start. One whose directory is gone is dropped at the next. */
export function rememberCluster(dir: ClusterDir, parent = parentOfClusters()): void {
  if (dirname(dir.path) === parent) return;
  const paths = elsewhere(parent).filter(holdsCluster);
  if (paths.includes(dir.path)) return;
  mkdirSync(parent, { recursive: true });
  const draft = `${elsewhereFile(parent)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify([...paths, dir.path], null, 2)}\n`);
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
