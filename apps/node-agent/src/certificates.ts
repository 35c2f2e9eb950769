import { readFileSync } from 'node:fs';
import { Current, type Runnable } from '@kubernest/kit';
import type { NodeServerTls } from '@kubernest/kubelet';
import { followCertificate } from '@kubernest/pki';
import { type DockerConfig, servingFile } from './config.ts';

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
