import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Status, StatusError } from '@kubernest/meta';
import { WebSocket } from 'ws';

export interface UpgradeRequest {
  /** As for `http.request`; `protocol: 'https:'` for TLS. */
  readonly connection: RequestOptions;
  /** With the query. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** The server's refusal, in its own words where it gave a Status. */
async function refusal(response: IncomingMessage): Promise<StatusError> {
  const body = await text(response).catch(() => '');
  const code = response.statusCode ?? 500;
  try {
    const status = JSON.parse(body) as Status;
    return new StatusError(code, status.reason ?? 'Unknown', status.message ?? body, status.details);
  } catch {
    return new StatusError(code, 'Unknown', `unable to upgrade connection: ${body || response.statusMessage}`);
  }
}

export function connectWebSocket(request: UpgradeRequest, protocols: string[]): Promise<WebSocket> {
  const { protocol, host, hostname, port, socketPath, ...tls } = request.connection;
  const scheme = protocol === 'https:' ? 'wss' : 'ws';
  const address = socketPath
    ? `ws+unix:${socketPath}:${request.path}`
    : `${scheme}://${hostname ?? host}:${port}${request.path}`;
  const ws = new WebSocket(address, protocols, {
    ...tls,
    headers: { ...request.headers } as Record<string, string>,
    perMessageDeflate: false,
  } as never);
  return new Promise((resolve, reject) => {
    ws.once('unexpected-response', (_, response) => void refusal(response).then(reject));
    ws.once('error', reject);
    ws.once('open', () => {
      ws.off('error', reject);
      // What follows on the heels of the handshake must not pass before its listeners are there.
      ws.pause();
      resolve(ws);
      setImmediate(() => ws.resume());
    });
  });
}

export function connectSpdy(
  request: UpgradeRequest,
  protocols: readonly string[],
): Promise<{ socket: Duplex; protocol: string }> {
  const send = request.connection.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send({
      agent: false,
      ...request.connection,
      method: 'POST',
      path: request.path,
      headers: {
        ...request.headers,
        Connection: 'Upgrade',
        Upgrade: 'SPDY/3.1',
        'X-Stream-Protocol-Version': [...protocols],
        'Content-Length': 0,
      },
    });
    outgoing.once('upgrade', (response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      const agreed = response.headers['x-stream-protocol-version'];
      resolve({ socket, protocol: [agreed ?? ''].flat()[0] ?? '' });
    });
    outgoing.once('response', (response) => void refusal(response).then(reject));
    outgoing.once('error', reject);
    outgoing.end();
  });
}
