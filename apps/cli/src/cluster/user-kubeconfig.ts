import { existsSync, rmSync, writeFileSync } from 'node:fs';
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
import type { ClusterDir, ClusterFacts } from './cluster-dir.ts';
import { readRecord } from './read-record.ts';

export const contextName = (dir: ClusterDir): string => `kubernest-${dir.name}`;

/** The file other tools would write to: the first of $KUBECONFIG, else ~/.kube/config. */
const userKubeconfig = (): string => kubeconfigPaths()[0]!;

/** Throws when the user's kubeconfig is one that nobody could add to: before anything is started for it. */
export async function checkUserKubeconfig(ctx: Context): Promise<void> {
  await checkKubeconfig(userKubeconfig(), ctx);
}

/** Adds the cluster's context to the user's kubeconfig and makes it current. What is there stays. */
export async function addContext(dir: ClusterDir, ctx: Context): Promise<void> {
  const before = await writeContext(dir, true, ctx);
  // After a start that was cut short it is current still, and what was before is known from then.
  if (before !== contextName(dir)) writeFileSync(previousFile(dir), JSON.stringify(before));
}

/** Makes current what was before the cluster's start, unless the user has switched since. Says so where that changes something. */
export async function restoreContext(dir: ClusterDir, ctx: Context): Promise<void> {
  if (!existsSync(previousFile(dir)) || !existsSync(userKubeconfig())) return;
  const current = await giveBackContext(userKubeconfig(), ownEntry(dir), previousContext(dir), ctx);
  if (current !== '') console.log(`the current context of kubectl is "${current}"`);
  rmSync(previousFile(dir), { force: true });
}

/** The context of the cluster's name is this one's, and not that of a cluster of the same name. By its authority; by its address where that is lost. */
function ownEntry(dir: ClusterDir, facts = dir.facts()): OwnEntry {
  const authority = existsSync(dir.adminKubeconfig()) ? authorityIn(dir.adminKubeconfig()) : undefined;
  const server = `https://127.0.0.1:${facts?.apiPort}`;
  return {
    name: contextName(dir),
    owns: (cluster) => (authority && cluster.ca ? cluster.ca === authority : cluster.server === server),
  };
}

/** Whether the user's kubeconfig has this cluster's context. */
export function contextIsOf(dir: ClusterDir, facts: ClusterFacts): boolean {
  if (!existsSync(userKubeconfig())) return false;
  const cluster = loadKubeconfig([userKubeconfig()]).clusters.get(contextName(dir));
  if (!cluster) return false;
  const data = cluster['certificate-authority-data'];
  return ownEntry(dir, facts).owns({
    server: cluster.server,
    ca: data && Buffer.from(data, 'base64').toString('utf8'),
  });
}

/** Undefined for a file that is damaged: it is made anew at the next start. */
function authorityIn(file: string): string | undefined {
  try {
    return text(transportOptionsOf(loadKubeconfig([file])).ca);
  } catch {
    return undefined;
  }
}

const previousFile = (dir: ClusterDir): string => dir.in('run', 'previous-context.json');

/** What was current before the last start; empty for none. */
export function previousContext(dir: ClusterDir): string {
  const read = readRecord(previousFile(dir));
  return typeof read === 'string' ? read : '';
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
  };
  return await addToKubeconfig(userKubeconfig(), entry, { makeCurrent }, ctx);
}

/** Gives the user's kubeconfig the administrator's certificate whenever the control plane has renewed it. Runs until aborted. */
export function keepContextFresh(dir: ClusterDir, ctx: Context): Promise<void> {
  const read = () => ({ certificate: text(transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()])).cert) });
  return followCertificate(read, () => renewContext(dir, ctx), ctx);
}

export async function removeContext(dir: ClusterDir, ctx: Context): Promise<void> {
  await removeFromKubeconfig(userKubeconfig(), ownEntry(dir), ctx);
}

const text = (pem: string | Uint8Array | undefined): string =>
  typeof pem === 'string' ? pem : Buffer.from(pem ?? []).toString('utf8');
