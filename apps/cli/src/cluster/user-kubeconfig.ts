import {
  addToKubeconfig,
  kubeconfigPaths,
  loadKubeconfig,
  removeFromKubeconfig,
  transportOptionsOf,
} from '@kubernest/client';
import type { Context } from '@kubernest/kit';
import type { ClusterDir } from './cluster-dir.ts';

export const contextName = (dir: ClusterDir): string => `kubernest-${dir.name}`;

/** The file other tools would write to: the first of $KUBECONFIG, else ~/.kube/config. */
const userKubeconfig = (): string => kubeconfigPaths()[0]!;

/** Adds the cluster's context to the user's kubeconfig and makes it current. What is there stays. */
export async function addContext(dir: ClusterDir, ctx: Context): Promise<void> {
  const admin = transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()]));
  const entry = {
    name: contextName(dir),
    server: admin.server,
    ca: text(admin.ca),
    cert: text(admin.cert),
    key: text(admin.key),
  };
  await addToKubeconfig(userKubeconfig(), entry, { makeCurrent: true }, ctx);
}

export async function removeContext(dir: ClusterDir, ctx: Context): Promise<void> {
  await removeFromKubeconfig(userKubeconfig(), contextName(dir), ctx);
}

const text = (pem: string | Uint8Array | undefined): string =>
  typeof pem === 'string' ? pem : Buffer.from(pem ?? []).toString('utf8');
