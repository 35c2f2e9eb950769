import { hostname } from 'node:os';
import { countedTransport, createClient, httpTransport } from '@kubernest/client';
import type { Metrics, Runnable } from '@kubernest/kit';
import { followedTransport } from '@kubernest/pki';
import type { ApiAccess } from './api-access.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';

export interface RemoteAccess extends ApiAccess {
  /** Keeps what proves who asks good. */
  readonly credentials: Runnable;
}

/** From another process, with the kubeconfig of the component that runs here. */
export function overHttps(kubeconfig: string, metrics: Metrics): RemoteAccess {
  const { transport, server, ca, follower } = followedTransport(kubeconfig);
  if (ca === undefined) throw new Error(`--kubeconfig ${kubeconfig}: its cluster names no certificate authority`);
  const client = createClient(countedTransport(transport, new URL(server).host, metrics));
  return {
    credentials: follower,
    rootCa: ca.toString(),
    identity: `${hostname()}_${process.pid}_${Date.now()}`,
    isOnlyProcess: false,
    // Whose credential it is, is what the file says.
    as: () => client,
    async asServiceAccounts(names, ctx) {
      const tokens = new ServiceAccountTokens(client);
      await tokens.hold(names, ctx);
      return (name) => createClient(httpTransport({ server, ca, tokenOf: () => tokens.of(name) }));
    },
  };
}
