import { existsSync, readFileSync } from 'node:fs';
import { type HttpTransport, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { Current, type Runnable, whenAborted } from '@kubernest/kit';
import type { NodeServerTls } from '@kubernest/kubelet';
import { followCertificate } from '@kubernest/pki';
import { type DockerConfig, servingFile } from './config.ts';

/** The API by a kubeconfig whose certificate somebody renews in its place: the follower dials with what it finds there. */
export function followedTransport(kubeconfig: string): {
  readonly transport: HttpTransport;
  readonly ca: string | Buffer | undefined;
  readonly follower: Runnable;
} {
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
  const idle: Runnable = { name: kubeconfig, start: async (ctx) => ({ done: whenAborted(ctx.signal) }) };
  const following = first.cert ? follower(kubeconfig, read, (found) => transport.renew(found)) : idle;
  return { transport, ca: first.ca, follower: following };
}

/** What the node's own HTTPS server serves with, replaced as it is renewed. */
export function followedServing(
  config: DockerConfig,
  clientCa: string,
): { readonly tls: Current<NodeServerTls>; readonly follower: Runnable } {
  const pem = (suffix: 'crt' | 'key'): string => readFileSync(servingFile(config, suffix), 'utf8');
  const read = () => ({ certificate: pem('crt'), key: pem('key') });
  const tlsOf = ({ certificate, key }: ReturnType<typeof read>) => ({ cert: certificate, key, clientCa });
  const tls = new Current<NodeServerTls>(tlsOf(read()));
  const file = servingFile(config, 'crt');
  return { tls, follower: follower(file, read, (found) => tls.replace(tlsOf(found))) };
}

function follower<T extends { readonly certificate: string }>(
  file: string,
  read: () => T,
  use: (renewed: T) => void,
): Runnable {
  return {
    name: `certificate of ${file}`,
    start: async (ctx) => ({ done: followCertificate(read, use, ctx) }),
  };
}
