import type { ApiServer } from '@kubernest/apiserver/contract';
import type { Metrics } from '@kubernest/kit';
import type { ApiserverConfig } from '../apiserver/apiserver.config.ts';
import type { ServerSecrets } from '../apiserver/secrets.ts';
import type { ApiAccess } from './api-access.ts';
import { componentUser, loopbackClient, serviceAccountUser } from './identities.ts';

/** Beside the API server. */
export function inProcess(
  { advertiseAddress, port, store }: ApiserverConfig,
  { cluster }: ServerSecrets,
  server: ApiServer,
  metrics: Metrics,
): ApiAccess {
  const where = `${advertiseAddress}:${port}`;
  const counted = { host: where, metrics };
  // The store lets one process in.
  const isOnlyProcess = store === 'sqlite';
  return {
    rootCa: cluster.authority.certificate,
    identity: isOnlyProcess ? where : `${where}_${process.pid}_${Date.now()}`,
    isOnlyProcess,
    as: (user) => loopbackClient(server, componentUser(user), counted),
    asServiceAccounts: async () => (name) => loopbackClient(server, serviceAccountUser(name), counted),
  };
}
