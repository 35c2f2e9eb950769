import type { ApiRequest } from '@kubernest/apiserver/contract';
import { requestFor } from '@kubernest/testkit/server';

/** Whom a client certificate or a token proves, and what else the request says of itself. */
export interface Caller {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const admin: Caller = { user: 'kubernetes-admin', groups: ['system:masters'] };
export const kubelet = (node: string): Caller => ({ user: `system:node:${node}`, groups: ['system:nodes'] });

/** As the listener makes it of what comes over TLS. */
export function requestAs(as: Caller, line: string, body: unknown): ApiRequest {
  const certificate = as.user && {
    commonName: as.user,
    organizations: as.groups ?? [],
    fingerprint: 'AA',
    notBefore: new Date(0),
    notAfter: new Date(8.64e15),
  };
  const headers = {
    'content-type': line.startsWith('PATCH ') ? 'application/merge-patch+json' : 'application/json',
    ...(as.token ? { authorization: `Bearer ${as.token}` } : {}),
    ...as.headers,
  };
  return {
    ...requestFor(line, body, headers),
    peer: { address: '127.0.0.1', ...(certificate ? { certificate } : {}) },
  };
}
