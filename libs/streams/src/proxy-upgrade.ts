import { type IncomingMessage, type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { answerUpgrade } from './answer-upgrade.ts';
import { forwardedHeaders, plantsOwnCookie } from './forwarded-headers.ts';
import { join } from './forwarding.ts';
import { answerWith } from './handshake.ts';
import { keepAlive } from './keep-alive.ts';
import { lingeringClose } from './lingering-close.ts';

/** Who asks for an upgrade: request, connection, and what has come behind the request's head. */
export interface UpgradeClient {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Asks the backend for the same. Resolves with the head of its answer and, where it has agreed, its connection. `signal` aborts when the
 * client goes away before it is there.
 */
export type AskForUpgrade = (
  onward: { readonly method: string; readonly headers: OutgoingHttpHeaders },
  signal: AbortSignal,
) => Promise<{ readonly answer: IncomingMessage; readonly socket?: Duplex }>;

/** Tells the client why there is no upgrade, and closes its connection. */
export type RefuseUpgrade = (client: UpgradeClient, why: string) => void;

/** compat: no reason is named, as in Kubernetes, whose clients then show the message alone. */
const asStatus: RefuseUpgrade = ({ request, socket }, why) =>
  answerWith(request, socket, new StatusError(500, '', why));

/** compat: what stands before servers of others says so as a text. */
export const asUnavailable: RefuseUpgrade = ({ request, socket }, why) =>
  answerUpgrade(request, socket, {
    status: 503,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: `${why}\n`,
  });

/**
 * Passes an upgrade on and then bytes both ways, knowing nothing of what they mean. What the backend answers instead of an upgrade is passed
 * back. Resolves when both directions have closed; never rejects, as the client was told.
 */
export async function proxyUpgrade(
  client: UpgradeClient,
  ask: AskForUpgrade,
  refuse: RefuseUpgrade = asStatus,
): Promise<void> {
  const left = new AbortController();
  const clientLeft = (): void => left.abort(new Error('the client went away'));
  client.socket.on('error', () => {});
  client.socket.once('close', clientLeft);
  try {
    const { method = 'GET' } = client.request;
    const { answer, socket } = await ask({ method, headers: upgradeHeaders(client.request) }, left.signal);
    if (socket) await joined(client, answer, socket);
    else if ((answer.statusCode ?? 0) >= 400) await passedBack(client, answer);
    else {
      // compat: any other answer than a refusal is none to an upgrade.
      refuse(client, `invalid upgrade response: status code ${answer.statusCode}`);
      answer.on('error', () => {}).destroy();
    }
  } catch (error) {
    refuse(client, `error dialing backend: ${messageOf(error)}`);
  } finally {
    client.socket.off('close', clientLeft);
  }
}

async function joined({ socket, head }: UpgradeClient, answer: IncomingMessage, backend: Duplex): Promise<void> {
  backend.on('error', () => {});
  // Gone while the backend was asked: nobody else would end what is open there.
  if (socket.destroyed) return void backend.destroy();
  socket.write(headText(answer));
  if (head.length > 0) socket.unshift(head);
  keepAlive(socket);
  // compat: a backend that has ended has ended the session, whatever its client still holds open.
  socket.once('finish', () => lingeringClose(socket));
  await join(socket, backend);
}

function passedBack(client: UpgradeClient, answer: IncomingMessage): Promise<void> {
  answer.on('error', () => {});
  client.socket.write(headText(answer, 'close'));
  answer.pipe(client.socket, { end: false });
  return new Promise((resolve) => {
    answer.once('close', () => {
      lingeringClose(client.socket);
      resolve();
    });
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
