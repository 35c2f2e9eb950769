import { type Client, createClient, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { ClusterDir } from './cluster-dir.ts';

/** A client with the administrator's credential of a cluster that was started at least once. */
export function adminClient(dir: ClusterDir): Client {
  if (!dir.hasAdminKubeconfig())
    throw new Error(`the control plane of cluster "${dir.name}" has not come up yet; its log is ${dir.logFile('api')}`);
  return createClient(httpTransport(transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()]))));
}
