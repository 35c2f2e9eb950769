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
const isCodedOtherwise = ({ headers }: IncomingMessage): boolean => {
  const coding = headers['transfer-encoding'];
  return coding !== undefined && coding.trim().toLowerCase() !== 'chunked';
};

/** What a server answers that cannot tell what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** compat: as Go's server does. */
const refusal = (status: number, body: string): Refusal => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

const unknownCoding = refusal(501, 'Unsupported transfer encoding');
const badUri = refusal(400, '400 Bad Request');
const severalHosts = refusal(400, '400 Bad Request: too many Host headers');

/** A percent sign that begins no escape. */
const badEscape = /^[^?]*%(?![0-9a-f]{2})/i;

/** Why a request is not looked at any further: others on its way may have read it otherwise. */
export function refusalOf(request: IncomingMessage): Refusal | undefined {
  if (isCodedOtherwise(request)) return unknownCoding;
  const { url = '' } = request;
  if (url.includes('%') && badEscape.test(url)) return badUri;
  return hasSeveralHosts(request) ? severalHosts : undefined;
}

function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === 'host') hosts++;
  return hosts > 1;
}

/** compat: nothing more of this connection is read. */
export function refuse(response: ServerResponse, { status, headers, body }: Refusal): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
  response.end(body);
}
