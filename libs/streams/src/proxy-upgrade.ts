import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { join } from './forwarding.ts';
import { answer } from './handshake.ts';

export interface UpgradeTarget {
  /** Where to connect and how: host, port, `protocol: 'https:'` with ca, cert, key, an agent or createConnection, a socketPath. */
  readonly connection: RequestOptions;
  /** With the query. */
  readonly path: string;
  /** Added to, or put in place of, the client's own; undefined takes one away (the client's credentials). */
  readonly headers?: OutgoingHttpHeaders;
  /** Longest wait for the target's answer; 30 s. */
  readonly timeout?: number;
}

/** Belong to the hop from the client, or are made anew. */
const hopHeaders = new Set([
  'host',
  'connection',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'proxy-authorization',
  'proxy-authenticate',
]);

/**
 * Passes an upgrade on to `target` and then bytes both ways, knowing nothing of what they mean. What the target answers instead of
 * an upgrade is passed back. Resolves when both directions have closed; never rejects, as the client was told.
 */
export function proxyUpgrade(
  clientRequest: IncomingMessage,
  clientSocket: Duplex,
  head: Buffer,
  target: UpgradeTarget,
): Promise<void> {
  const send = target.connection.protocol === 'https:' ? httpsRequest : httpRequest;
  clientSocket.on('error', () => {});
  return new Promise((resolve) => {
    const outgoing = send({
      // An upgraded socket never returns to a pool.
      agent: false,
      ...target.connection,
      method: clientRequest.method,
      path: target.path,
      headers: upgradeHeaders(clientRequest, target.headers),
      timeout: target.timeout ?? 30_000,
    });
    const clientLeft = () => outgoing.destroy(new Error('the client went away'));
    clientSocket.once('close', clientLeft);
    const settle = () => {
      clientSocket.off('close', clientLeft);
      resolve();
    };
    outgoing.once('upgrade', (response, socket, targetHead) => {
      clientSocket.off('close', clientLeft);
      socket.setTimeout(0);
      socket.setNoDelay(true);
      clientSocket.write(headText(response));
      if (targetHead.length > 0) socket.unshift(targetHead);
      if (head.length > 0) clientSocket.unshift(head);
      keepAlive(clientSocket);
      keepAlive(socket);
      void join(clientSocket, socket).then(settle);
    });
    outgoing.once('response', (response) => {
      clientSocket.write(headText(response, 'close'));
      response.pipe(clientSocket);
      response.once('close', settle);
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.once('error', (error) => {
      answer(clientSocket, new StatusError(502, 'InternalError', `error dialing backend: ${messageOf(error)}`));
      settle();
    });
    outgoing.end();
  });
}

function upgradeHeaders(request: IncomingMessage, over: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(request.headersDistinct)) if (!hopHeaders.has(name)) headers[name] = value;
  headers['connection'] = 'Upgrade';
  headers['upgrade'] = request.headers.upgrade;
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The answer's head as it came. An error's body ends with the connection, so its framing goes. */
function headText(response: IncomingMessage, connection?: string): string {
  const code = response.statusCode ?? 502;
  const lines = [`HTTP/1.1 ${code} ${response.statusMessage ?? STATUS_CODES[code] ?? ''}`];
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    const name = response.rawHeaders[i] ?? '';
    if (connection !== undefined && ['connection', 'transfer-encoding'].includes(name.toLowerCase())) continue;
    lines.push(`${name}: ${response.rawHeaders[i + 1]}`);
  }
  if (connection !== undefined) lines.push(`Connection: ${connection}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A peer that vanished without a word is noticed by the kernel. */
function keepAlive(socket: Duplex): void {
  if ('setKeepAlive' in socket) (socket as Socket).setKeepAlive(true, 30_000);
}
