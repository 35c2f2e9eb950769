import type { IncomingMessage, ServerResponse } from 'node:http';

const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i;

/**
 * `GET https://host/path`, as to a proxy: a server serves it too (RFC 9112, 3.2.2), as `/path` of that host. From here on nobody sees
 * that it came so.
 */
export function toOriginForm(request: IncomingMessage): void {
  // As nearly every request's is already.
  if (request.url?.startsWith('/')) return;
  const [, authority = '', rest = ''] = absolute.exec(request.url ?? '') ?? [];
  if (authority === '') return;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  request.headers.host = authority.slice(authority.lastIndexOf('@') + 1);
}

/** A coding beside `chunked` that nobody here undoes: what it hides must not be taken for the body. */
export const isCodedOtherwise = ({ headers }: IncomingMessage): boolean => {
  const coding = headers['transfer-encoding'];
  return coding !== undefined && coding.trim().toLowerCase() !== 'chunked';
};

/** compat: as Go's server does, which then reads nothing more of this connection. */
export function refuseCoding(response: ServerResponse): void {
  response.writeHead(501, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end('Unsupported transfer encoding');
}
