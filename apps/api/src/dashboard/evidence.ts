import type { IncomingMessage } from 'node:http';
import type { Peer } from '@kubernest/apiserver/contract';
import { peerOf } from '@kubernest/apiserver/listener';

/** What in a request says who sent it: kept, so that the same can be asked again. Holds credentials: it leaves this process only sealed. */
export interface Evidence {
  readonly peer: Pick<Peer, 'address' | 'certificate' | 'certificateRefused'>;
  /** Each header with its values as they were sent. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export function evidenceOf({ socket, rawHeaders }: IncomingMessage): Evidence {
  const headers: Record<string, string[]> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (name !== 'authorization' && !name.startsWith('impersonate-')) continue;
    headers[name] = [...(headers[name] ?? []), rawHeaders[at + 1]!];
  }
  return { peer: peerOf(socket), headers };
}

/** JSON has no dates. */
export function revived({ peer, headers }: Evidence): Evidence {
  const { certificate } = peer;
  if (!certificate) return { peer, headers };
  const [notBefore, notAfter] = [new Date(certificate.notBefore), new Date(certificate.notAfter)];
  return { peer: { ...peer, certificate: { ...certificate, notBefore, notAfter } }, headers };
}
