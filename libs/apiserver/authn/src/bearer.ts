import type { ApiRequest } from '@kubernest/apiserver/engine';

const scheme = /^bearer +(\S+) *$/i;
const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

/** The token a request carries: in `Authorization`, or for browsers' WebSockets in `Sec-WebSocket-Protocol`. */
export function bearerToken(request: ApiRequest): string | undefined {
  const header = request.headers['authorization'];
  if (header !== undefined) return scheme.exec(header)?.[1];
  const protocols = request.headers['sec-websocket-protocol'];
  if (!protocols?.includes(protocolPrefix)) return undefined;
  const encoded = protocols
    .split(',')
    .map((protocol) => protocol.trim())
    .find((protocol) => protocol.startsWith(protocolPrefix));
  return encoded && Buffer.from(encoded.slice(protocolPrefix.length), 'base64url').toString('utf8');
}
