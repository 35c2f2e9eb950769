import { existsSync } from 'node:fs';
import { type HttpTransport, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { type Runnable, whenAborted } from '@kubernest/kit';
import { followCertificate } from './follow-certificate.ts';

export interface FollowedTransport {
  readonly transport: HttpTransport;
  readonly server: string;
  readonly ca: string | Buffer | undefined;
  readonly follower: Runnable;
}

/** The API by a kubeconfig whose certificate somebody renews in its place: the follower dials with what it finds there. */
export function followedTransport(kubeconfig: string): FollowedTransport {
  // A file that is not there would be passed over, as one of several.
  if (!existsSync(kubeconfig)) throw new Error(`there is no kubeconfig ${kubeconfig}: see --kubeconfig`);
  const options = () => transportOptionsOf(loadKubeconfig([kubeconfig]));
  const first = options();
  const transport = httpTransport(first);
  const read = () => {
    const { cert = '', key = '' } = options();
    return { certificate: String(cert), cert, key };
  };
  // A kubeconfig with a token has no certificate to wait for.
  const follow = (ctx: Parameters<Runnable['start']>[0]): Promise<void> =>
    first.cert ? followCertificate(read, (found) => transport.renew(found), ctx) : whenAborted(ctx.signal);
  const follower: Runnable = { name: `certificate of ${kubeconfig}`, start: async (ctx) => ({ done: follow(ctx) }) };
  return { transport, server: first.server, ca: first.ca, follower };
}
