import {
  type Client,
  createClient,
  httpTransport,
  loadKubeconfig,
  type Transport,
  transportOptionsOf,
} from '@kubernest/client';
import { answerWithin, type Milliseconds } from '@kubernest/kit';
import type { ClusterDir } from './cluster-dir.ts';
import { noSuchCluster } from './no-such-cluster.ts';

/** The file with the administrator's credential. Throws where there is no cluster, and where it has not come up yet. */
export function adminKubeconfigOf(dir: ClusterDir): string {
  if (dir.hasAdminKubeconfig()) return dir.adminKubeconfig();
  if (!dir.exists()) throw noSuchCluster(dir);
  throw new Error(`the control plane of cluster "${dir.name}" has not come up yet; its log is ${dir.logFile('api')}`);
}

/** A control plane that serves answers sooner; one that was suspended, or has nobody to serve it, never does. */
const patience: Milliseconds = 15_000;

/** A client with the administrator's credential of a cluster that was started at least once. It waits for no answer without an end. */
export function adminClient(dir: ClusterDir): Client {
  const options = transportOptionsOf(loadKubeconfig([adminKubeconfigOf(dir)]));
  return createClient(patient(httpTransport(options), `the API at ${options.server}`));
}

/** Each call is given up in time; watches go on as long as they are wanted. */
export const patient = (transport: Transport, who: string): Transport => ({
  ...transport,
  call: (call, ctx) => answerWithin({ who, limit: patience }, (limited) => transport.call(call, limited), ctx),
});
