import { type Client, createClient, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { ClusterDir } from './cluster-dir.ts';

/** A client with the administrator's credential of a cluster that was started at least once. */
export function adminClient(dir: ClusterDir): Client {
  return createClient(httpTransport(transportOptionsOf(loadKubeconfig([dir.adminKubeconfig()]))));
}
