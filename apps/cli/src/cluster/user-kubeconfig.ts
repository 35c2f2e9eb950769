import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import {
  addToKubeconfig,
  checkKubeconfig,
  giveBackContext,
  kubeconfigPaths,
  loadKubeconfig,
  type OwnEntry,
  removeFromKubeconfig,
  transportOptionsOf,
} from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { followCertificate } from '@kubernest/pki';
import { ClusterDir } from './cluster-dir.ts';
import { type KnownCluster, knownClusters, onceStarted } from './known-clusters.ts';
import {
  type ContextMemory,
  contextToGiveBack,
  forgetPrevious,
  keepPrevious,
  previousContext,
} from './previous-context.ts';
import { recordedProcess } from './process-file.ts';

export const contextName = (dir: ClusterDir): string => `kubernest-${dir.name}`;

/** Throws when the user's kubeconfig is one that the cluster's context cannot be added to: before anything is started for it. */
export async function checkUserKubeconfig(dir: ClusterDir, ctx: Context): Promise<void> {
  const others = await checkKubeconfig(kubeconfigPaths(), ownEntry(dir), ctx);
  if (others === undefined) return;
  throw new Error(
    `the kubeconfig ${kubeconfigPaths().join(delimiter)} has "${contextName(dir)}" already, ${others}, which would be lost: use another --name, or take that out with: ${takeOutWords(dir)}`,
  );
}

/** How a user takes an entry out of the kubeconfig. */
export const takeOutWords = (dir: ClusterDir): string =>
  ['context', 'cluster', 'user'].map((part) => `kubectl config delete-${part} ${contextName(dir)}`).join('; ');

/** Adds the cluster's context to the user's kubeconfig and makes it current. What is there stays. */
export async function addContext(dir: ClusterDir, ctx: Context, known = knownClusters()): Promise<void> {
  const before = await writeContext(dir, true, ctx);
  // After a start that was cut short it is current still, and what was before is known from then.
  if (before === contextName(dir)) return;
  handOn(dir, known);
  keepPrevious(dir, before);
}

/**
 * Makes current what was before the cluster's start, unless the user has switched since. Resolves with what is current then; undefined where
 * there was nothing to give back.
 */
export async function restoreContext(
  dir: ClusterDir,
  ctx: Context,
  known = knownClusters(),
): Promise<string | undefined> {
  const previous = previousContext(dir);
  if (previous === undefined) return undefined;
  handOn(dir, known);
  const to = contextToGiveBack(previous, memoriesOf(othersOf(dir, known)));
  const current = await giveBackContext(kubeconfigPaths(), ownEntry(dir), to, ctx);
  forgetPrevious(dir);
  return current;
}

/**
 * Leaves no context current where this cluster's still is. Of one that was up, and no longer knows what was current before: none is better
 * than one that leads nowhere. Resolves with whether it was.
 */
export async function leaveNoneCurrent(dir: ClusterDir, ctx: Context): Promise<boolean> {
  if (loadKubeconfig(kubeconfigPaths()).currentContext !== contextName(dir)) return false;
  return (await giveBackContext(kubeconfigPaths(), ownEntry(dir), '', ctx)) === '';
}

/** Whoever found this cluster's context current gives back what this one found, which is on its way out. */
function handOn(dir: ClusterDir, known: readonly KnownCluster[]): void {
  const previous = previousContext(dir);
  if (previous === undefined) return;
  for (const other of othersOf(dir, known))
    if (previousContext(other) === contextName(dir)) keepPrevious(other, previous);
}

const othersOf = (dir: ClusterDir, known: readonly KnownCluster[]): readonly ClusterDir[] =>
  known.flatMap(({ path, facts }) => (facts && path !== dir.path ? [new ClusterDir(facts.name, path)] : []));

/** A context that only has the name of a cluster of ours is not followed. */
const memoriesOf = (dirs: readonly ClusterDir[]): readonly ContextMemory[] =>
  dirs
    .filter((dir) => contextIsOf(dir))
    .map((dir) => ({
      name: contextName(dir),
      previous: previousContext(dir),
      isRunning: recordedProcess(dir.pidFile('up')) !== undefined,
    }));

/**
 * The context of the cluster's name is this one's, and not that of a cluster of the same name: by its authority, which a cluster has once it
 * has run. Of one whose directory is gone it is the one that leads to this machine and says that it was in that directory.
 */
function ownEntry(dir: ClusterDir): OwnEntry {
  const authority = authorityIn(dir.adminKubeconfig()) ?? authorityIn(dir.agentKubeconfig());
  const isGone = authority === undefined && !dir.hasRun() && isMissed(dir);
  const owns: OwnEntry['owns'] = ({ server, ca, dataDir }) =>
    isGone
      ? dataDir === dir.path && String(server).startsWith('https://127.0.0.1:')
      : authority !== undefined && ca === authority;
  return { name: contextName(dir), owns };
}

const isMissed = ({ name, path }: ClusterDir): boolean => {
  const former = onceStarted(path);
  return former !== undefined && (former.name ?? name) === name;
};

/** Whether the user's kubeconfig has this cluster's context. */
export function contextIsOf(dir: ClusterDir): boolean {
  const cluster = loadKubeconfig(kubeconfigPaths()).clusters.get(contextName(dir));
  const data = cluster?.['certificate-authority-data'];
  return ownEntry(dir).owns({ server: cluster?.server, ca: data && Buffer.from(data, 'base64').toString('utf8') });
}

/** Undefined where there is none, and for a file that is damaged: it is made anew at the next start. */
function authorityIn(file: string): string | undefined {
  try {
    return existsSync(file) ? text(transportOptionsOf(loadKubeconfig([file])).ca) || undefined : undefined;
  } catch {
    return undefined;
  }
}

/** Which context is current is the user's affair by now. */
const renewContext = async (dir: ClusterDir, ctx: Context): Promise<void> => {
  await writeContext(dir, false, ctx);
};

async function writeContext(dir: ClusterDir, makeCurrent: boolean, ctx: Context): Promise<string> {
  const admin = transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()]));
  const entry = {
    name: contextName(dir),
    server: admin.server,
    ca: text(admin.ca),
    cert: text(admin.cert),
    key: text(admin.key),
    dataDir: dir.path,
  };
  return await addToKubeconfig(kubeconfigPaths(), entry, { makeCurrent, owns: ownEntry(dir).owns }, ctx);
}

/** Gives the user's kubeconfig the administrator's certificate whenever the control plane has renewed it. Runs until aborted. */
export function keepContextFresh(dir: ClusterDir, ctx: Context): Promise<void> {
  const read = () => ({ certificate: text(transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()])).cert) });
  return followCertificate(read, () => renewContext(dir, ctx), ctx);
}

/** Resolves with what is to be said of an entry that stays, as nothing in it tells whose it is. */
export async function removeContext(dir: ClusterDir, ctx: Context): Promise<string | undefined> {
  await removeFromKubeconfig(kubeconfigPaths(), ownEntry(dir), ctx);
  if (!isMissed(dir) || !loadKubeconfig(kubeconfigPaths()).clusters.has(contextName(dir))) return undefined;
  return `your kubeconfig keeps "${contextName(dir)}", which does not say that it is this cluster's; if it is, take it out with: ${takeOutWords(dir)}`;
}

const text = (pem: string | Uint8Array | undefined): string =>
  typeof pem === 'string' ? pem : Buffer.from(pem ?? []).toString('utf8');
