import {
  addToKubeconfig,
  checkKubeconfig,
  kubeconfigPaths,
  loadKubeconfig,
  removeFromKubeconfig,
  transportOptionsOf,
} from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import { followCertificate } from '@kubernest/pki';
import type { ClusterDir } from './cluster-dir.ts';

export const contextName = (dir: ClusterDir): string => `kubernest-${dir.name}`;

/** The file other tools would write to: the first of $KUBECONFIG, else ~/.kube/config. */
const userKubeconfig = (): string => kubeconfigPaths()[0]!;

/** Throws when the user's kubeconfig is one that nobody could add to: before anything is started for it. */
export async function checkUserKubeconfig(ctx: Context): Promise<void> {
  await checkKubeconfig(userKubeconfig(), ctx);
}

/** Adds the cluster's context to the user's kubeconfig and makes it current. What is there stays. */
export const addContext = (dir: ClusterDir, ctx: Context): Promise<void> => writeContext(dir, true, ctx);

/** Which context is current is the user's affair by now. */
const renewContext = (dir: ClusterDir, ctx: Context): Promise<void> => writeContext(dir, false, ctx);

async function writeContext(dir: ClusterDir, makeCurrent: boolean, ctx: Context): Promise<void> {
  const admin = transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()]));
  const entry = {
    name: contextName(dir),
    server: admin.server,
    ca: text(admin.ca),
    cert: text(admin.cert),
    key: text(admin.key),
  };
  await addToKubeconfig(userKubeconfig(), entry, { makeCurrent }, ctx);
}

/** Gives the user's kubeconfig the administrator's certificate whenever the control plane has renewed it. Runs until aborted. */
export function keepContextFresh(dir: ClusterDir, ctx: Context): Promise<void> {
  const read = () => ({ certificate: text(transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()])).cert) });
  return followCertificate(read, () => renewContext(dir, ctx), ctx);
}

export async function removeContext(dir: ClusterDir, ctx: Context): Promise<void> {
  await removeFromKubeconfig(userKubeconfig(), contextName(dir), ctx);
}

const text = (pem: string | Uint8Array | undefined): string =>
  typeof pem === 'string' ? pem : Buffer.from(pem ?? []).toString('utf8');
