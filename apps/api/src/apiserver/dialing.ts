import type { ApiCore } from '@kubernest/apiserver/contract';
import { createDialer, type Dialer } from '@kubernest/apiserver/dialer';
import type { Context } from '@kubernest/kit';
import type { ApiserverConfig } from './apiserver.config.ts';
import type { ServerSecrets } from './secrets.ts';

/** The API server's one dialer, once there is something to read of. */
export type DialerOf = (core: Pick<ApiCore, 'read'>) => Dialer;

/** Made when it is first asked for; the same for whoever asks. */
export function oneDialer(
  { port }: ApiserverConfig,
  { cluster, kubeletClient }: ServerSecrets,
  ctx: Context,
): DialerOf {
  let dialer: Dialer | undefined;
  const identity = () => {
    const { certificate: cert, key } = kubeletClient.value;
    return { ca: cluster.authority.certificate, cert, key };
  };
  return ({ read }) => {
    dialer ??= createDialer({ read, identity, own: { host: '127.0.0.1', port } }, ctx);
    return dialer;
  };
}
