import { hostname } from 'node:os';
import { createClient, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { ApiAccess } from './api-access.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';

/** From another process, with the kubeconfig of the component that runs here. */
export function overHttps(kubeconfig: string): ApiAccess {
  const options = transportOptionsOf(loadKubeconfig([kubeconfig]));
  const { server, ca } = options;
  if (ca === undefined) throw new Error(`--kubeconfig ${kubeconfig}: its cluster names no certificate authority`);
  const client = createClient(httpTransport(options));
  return {
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
