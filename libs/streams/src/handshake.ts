import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError } from '@kubernest/meta';
import { lingeringClose } from './lingering-close.ts';

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

/** Says no to an upgrade on the bare socket and closes it; returns the error to throw. */
export function refuseUpgrade(
  socket: Duplex,
  code: number,
  why: string,
  headers: Readonly<Record<string, string>> = {},
): StatusError {
  const reasons: Record<number, string> = { 400: 'BadRequest', 403: 'Forbidden' };
  const error = new StatusError(code, reasons[code] ?? 'InternalError', why);
  answer(socket, error, headers);
  return error;
}

/** Writes a Status as an ordinary HTTP answer on a socket that was to be upgraded, and closes it. */
export function answer(socket: Duplex, error: StatusError, headers: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify(error.toStatus());
  const lines = [
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  lingeringClose(socket, `${lines.join('\r\n')}\r\n\r\n${body}`);
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
    throw refuseUpgrade(socket, 403, why, { 'X-Accepted-Stream-Protocol-Versions': supported.join(', ') });
  }
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
  if (offered.length > 0) lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.unshift(head);
  return protocol;
}
