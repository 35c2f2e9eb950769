import { isUtf8 } from 'node:buffer';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { unauthorized } from '@kubernest/meta';
import { bearerTokenOf } from '@kubernest/pki';

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/** The token a request carries: in `Authorization`, or for browsers' WebSockets among their protocols. Throws 401 for one that cannot be read. */
export function bearerToken({ headers }: Pick<ApiRequest, 'headers'>): string | undefined {
  return ofHeader(headers['authorization']) ?? ofProtocols(headers);
}

function ofHeader(header: string | undefined): string | undefined {
  const token = bearerTokenOf(header);
  // Who gives one means to be somebody.
  if (token === '') throw unauthorized();
  return token;
}

function ofProtocols(headers: ApiRequest['headers']): string | undefined {
  const protocols = headers['sec-websocket-protocol'];
  if (!protocols?.includes(protocolPrefix) || headers['upgrade']?.toLowerCase() !== 'websocket') return undefined;
  const offered = protocols.split(',').map((protocol) => protocol.trim());
  const [encoded, ...more] = offered.filter((protocol) => protocol.startsWith(protocolPrefix));
  if (encoded === undefined) return undefined;
  if (more.length > 0) throw unauthorized();
  const token = decoded(encoded.slice(protocolPrefix.length));
  if (token === '') return undefined;
  // compat: the answer names one of the others.
  if (offered.length === 1) throw unauthorized();
  return token;
}

function decoded(base64url: string): string {
  const bytes = Buffer.from(base64url, 'base64url');
  if (!/^[\w-]*$/.test(base64url) || base64url.length % 4 === 1 || !isUtf8(bytes)) throw unauthorized();
  return bytes.toString('utf8');
}
