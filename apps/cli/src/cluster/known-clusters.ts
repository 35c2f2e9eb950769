import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '@kubernest/kit';
import { forShell } from '@kubernest/process';
import { called } from '../command/command-name.ts';
import { ClusterDir, type ClusterFacts, parentOfClusters, readFacts } from './cluster-dir.ts';
import { forget, type RememberedCluster, remember, rememberedClusters } from './remembered-clusters.ts';

/** A cluster of this user: its directory, and its facts unless they cannot be read. */
export interface KnownCluster {
  readonly path: string;
  readonly facts?: ClusterFacts;
  /** Of one that was started since names are remembered, whatever became of its facts. */
  readonly name?: string;
  /** Why they cannot be read. */
  readonly fault?: string;
  /** It was started there once, and its directory is gone or empty: its disk is not mounted, or it was removed by hand. */
  readonly isMissing?: true;
}

/** Every cluster of this user, those that `--data-dir` put elsewhere and those that are missed included, in the order of their paths. */
export function knownClusters(parent = parentOfClusters()): readonly KnownCluster[] {
  const remembered = new Map(rememberedClusters(parent).map((cluster) => [cluster.path, cluster]));
  const beside = existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  return [...new Set([...beside, ...remembered.keys()])].toSorted().flatMap((path) => {
    const cluster = remembered.get(path);
    if (holdsCluster(path)) return [{ ...cluster, ...readCluster(path) }];
    if (!cluster || wasRemovedByHand(path, parent)) return [];
    const lost = lostFault(cluster);
    return [
      lost ? { ...cluster, fault: lost } : { ...cluster, fault: missingWords(cluster), isMissing: true as const },
    ];
  });
}

/** Called at each start. */
export const rememberCluster = ({ name, path }: ClusterDir, parent = parentOfClusters()): void =>
  remember({ name, path }, parent);

export const forgetCluster = ({ path }: ClusterDir, parent = parentOfClusters()): void => forget(path, parent);

/** The cluster that has been in this directory, and has not been purged. */
export function formerCluster(path: string, parent = parentOfClusters()): RememberedCluster | undefined {
  return wasRemovedByHand(path, parent) ? undefined : onceStarted(path, parent);
}

/** The same where its directory was removed by hand: elsewhere, such as in the kubeconfig, something of it may be left. */
export const onceStarted = (path: string, parent = parentOfClusters()): RememberedCluster | undefined =>
  rememberedClusters(parent).find((cluster) => cluster.path === path);

/** Throws where another cluster has been: what is left of it elsewhere, such as in the kubeconfig, has that name. */
export function demandFormerName({ name, path }: ClusterDir, parent = parentOfClusters()): void {
  const former = formerCluster(path, parent);
  if (former?.name !== undefined && former.name !== name)
    throw new Error(`${path} belongs to the cluster "${former.name}", not "${name}"`);
}

/** Of a directory that was known and holds no cluster now. */
export function missingWords({ path, name }: RememberedCluster): string {
  // An older version did not keep its name, and another cluster's is no guess.
  const flags = name === undefined ? ` --name NAME --data-dir ${forShell(path)}` : new ClusterDir(name, path).flags;
  const how = existsSync(path) ? 'without it' : 'gone';
  return `${path} held a cluster and is ${how}: was its disk mounted there? Mount it again, or put the directory back from a backup; to forget it and begin anew in its place, first run: ${called} down --purge${flags}`;
}

/** At the customary place no disk is mounted for one cluster alone. */
const wasRemovedByHand = (path: string, parent: string): boolean => dirname(path) === parent && !existsSync(path);

const holdsCluster = (path: string): boolean => existsSync(join(path, 'cluster.json'));

/** Of a cluster that has run there, whose facts alone are gone. */
function lostFault({ name, path }: RememberedCluster): string | undefined {
  try {
    new ClusterDir(name ?? 'default', path).facts();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function readCluster(path: string): KnownCluster {
  try {
    return { path, facts: readFacts(join(path, 'cluster.json')) };
  } catch (error) {
    return { path, fault: messageOf(error) };
  }
}
