import { type Client, createClient, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { ClusterDir } from './cluster-dir.ts';
import { noSuchCluster } from './no-such-cluster.ts';

/** The file with the administrator's credential. Throws where there is no cluster, and where it has not come up yet. */
export function adminKubeconfigOf(dir: ClusterDir): string {
  if (dir.hasAdminKubeconfig()) return dir.adminKubeconfig();
  if (!dir.exists()) throw noSuchCluster(dir);
  throw new Error(`the control plane of cluster "${dir.name}" has not come up yet; its log is ${dir.logFile('api')}`);
}

/** A client with the administrator's credential of a cluster that was started at least once. */
export const adminClient = (dir: ClusterDir): Client =>
  createClient(httpTransport(transportOptionsOf(loadKubeconfig([adminKubeconfigOf(dir)]))));
