import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { forwardedHeaders, plantsOwnCookie } from './forwarded-headers.ts';
import { join } from './forwarding.ts';
import { answerWith } from './handshake.ts';
import { lingeringClose } from './lingering-close.ts';

export interface UpgradeTarget {
  /** Where to connect and how: host, port, `protocol: 'https:'` with ca, cert, key, an agent or createConnection, a socketPath. */
  readonly connection: RequestOptions;
  /** With the query. */
  readonly path: string;
  /** How it is told that nobody could be reached; in the error's own words unless given. */
  readonly why?: (error: Error) => string;
  /** Longest wait for the target's answer; 30 s. */
  readonly timeout?: number;
}

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
      headers: upgradeHeaders(clientRequest),
      timeout: target.timeout ?? 30_000,
    });
    const clientLeft = () => outgoing.destroy(new Error('the client went away'));
    clientSocket.once('close', clientLeft);
    let answered = false;
    const settle = () => {
      clientSocket.off('close', clientLeft);
      resolve();
    };
    const refuse = (error: StatusError) => {
      // Who has the head of an answer already is told no other.
      if (answered) lingeringClose(clientSocket);
      else answerWith(clientRequest, clientSocket, error);
      answered = true;
      settle();
    };
    outgoing.once('upgrade', (response, socket, targetHead) => {
      answered = true;
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
      const { statusCode = 0 } = response;
      if (statusCode < 400) {
        // compat: any other answer than a refusal is none to an upgrade.
        refuse(new StatusError(500, 'InternalError', `invalid upgrade response: status code ${statusCode}`));
        return void outgoing.destroy();
      }
      answered = true;
      clientSocket.write(headText(response, 'close'));
      response.on('error', () => {});
      response.pipe(clientSocket, { end: false });
      response.once('close', () => {
        lingeringClose(clientSocket);
        settle();
      });
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) =>
      refuse(new StatusError(502, 'InternalError', `error dialing backend: ${(target.why ?? messageOf)(error)}`)),
    );
    outgoing.end();
  });
}

/** Nothing of a body: what follows the head is the new protocol's. */
function upgradeHeaders(request: IncomingMessage): OutgoingHttpHeaders {
  const headers = forwardedHeaders(request.headersDistinct, request.socket.remoteAddress ?? '');
  return { ...headers, connection: 'Upgrade', upgrade: request.headers.upgrade };
}

/** The answer's head as it came. An error's body ends with the connection, so its framing goes. */
function headText(response: IncomingMessage, connection?: string): string {
  const code = response.statusCode ?? 502;
  const lines = [`HTTP/1.1 ${code} ${response.statusMessage ?? STATUS_CODES[code] ?? ''}`];
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    const name = response.rawHeaders[i] ?? '';
    if (plantsOwnCookie(name, response.rawHeaders[i + 1])) continue;
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
