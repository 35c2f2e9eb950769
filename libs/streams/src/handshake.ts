import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError } from '@kubernest/meta';
import { answerUpgrade } from './answer-upgrade.ts';

const upgradeOf = (request: IncomingMessage): string => (request.headers.upgrade ?? '').toLowerCase();

export const isWebSocket = (request: IncomingMessage): boolean => upgradeOf(request) === 'websocket';
export const isSpdy = (request: IncomingMessage): boolean => upgradeOf(request) === 'spdy/3.1';

/** compat: browsers can send a bearer token nowhere else. It is no protocol: never agreed to, never passed on. */
export const isTokenProtocol = (name: string): boolean => /^base64url\.bearer\.authorization\.k8s\.io\./i.test(name);

/** The protocols that a client offers, whether sent as one line or as many. */
export function offeredProtocols(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !isTokenProtocol(name));
}

export interface Refusal {
  readonly code: number;
  readonly why: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says no to an upgrade on the bare socket and closes it; returns the error to throw. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, { code, why, headers }: Refusal): StatusError {
  const reasons: Record<number, string> = { 400: 'BadRequest', 403: 'Forbidden' };
  const error = new StatusError(code, reasons[code] ?? 'InternalError', why);
  answerWith(request, socket, error, headers);
  return error;
}

/** Writes a Status as an ordinary HTTP answer on a socket that was to be upgraded, and closes it. */
export function answerWith(
  request: IncomingMessage,
  socket: Duplex,
  error: StatusError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(error.toStatus());
  answerUpgrade(request, socket, {
    status: error.code,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Answers a SPDY upgrade; returns the protocol agreed upon, the client's first that is supported. */
export function acceptSpdy(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  supported: readonly string[],
  fallback: string,
): string {
  const offered = offeredProtocols(request.headers['x-stream-protocol-version']);
  const protocol = offered.length === 0 ? fallback : offered.find((name) => supported.includes(name));
  if (protocol === undefined) {
    const why = `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${supported.join(' ')}]`;
    const headers = { 'X-Accepted-Stream-Protocol-Versions': supported.join(', ') };
    throw refuseUpgrade(request, socket, { code: 403, why, headers });
  }
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
  if (offered.length > 0) lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  return protocol;
}
