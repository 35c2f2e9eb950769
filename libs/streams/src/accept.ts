import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { RemoteCommandChannels, RemoteCommandOptions } from './channels.ts';
import { acceptSpdy, isSpdy, isWebSocket, offeredProtocols, refuseUpgrade } from './handshake.ts';
import type { UpgradeClient } from './proxy-upgrade.ts';
import { spdyRemoteCommand } from './spdy/remote-command.ts';
import { webSocketRemoteCommand } from './websocket/remote-command.ts';
import { MOST_CHANNEL_BYTES, MOST_LISTENER_BYTES, TurnByTurnServer } from './websocket/server.ts';

/** Best first. The unversioned one is what a client speaks that names none. */
const spdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const webSocketProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];

/**
 * The server's side of exec and attach: answers the upgrade in whichever protocol the client asks for. Throws, with the
 * client already told, when the request is no upgrade that we speak. Nothing may have been written to `socket` before.
 */
export async function acceptRemoteCommand(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: RemoteCommandOptions,
): Promise<RemoteCommandChannels> {
  if (!options.stdin && !options.stdout && !options.stderr && !options.tty) {
    const why = 'you must specify at least 1 of stdin, stdout, stderr';
    throw refuseUpgrade(request, socket, { code: 400, why });
  }
  if (isWebSocket(request)) {
    const accepted = { supported: webSocketProtocols, fallback: 'channel.k8s.io', mostBytes: MOST_CHANNEL_BYTES };
    const { ws, protocol } = await acceptWebSocket({ request, socket, head }, accepted);
    return webSocketRemoteCommand({ ws, socket }, protocol, options);
  }
  if (!isSpdy(request)) {
    const why = 'unable to upgrade: expected WebSocket or SPDY/3.1';
    throw refuseUpgrade(request, socket, { code: 400, why });
  }
  const protocol = acceptSpdy(request, socket, head, spdyProtocols, 'channel.k8s.io');
  return spdyRemoteCommand(socket, protocol, options);
}

export interface AcceptedMessages {
  readonly supported: readonly string[];
  /** Of a client that names no protocol. */
  readonly fallback: string;
  /** Of a message; who sends a larger one is disconnected. Few unless given, for those who are only sent something. */
  readonly mostBytes?: number;
}

/** Answers a WebSocket upgrade with the first protocol of the client's that is supported. */
export function acceptWebSocket(
  { request, socket, head }: UpgradeClient,
  { supported, fallback, mostBytes = MOST_LISTENER_BYTES }: AcceptedMessages,
): Promise<{ readonly ws: WebSocket; readonly protocol: string }> {
  const offered = offeredProtocols(request.headers['sec-websocket-protocol']);
  const protocol = offered.length === 0 ? fallback : offered.find((name) => supported.includes(name));
  if (protocol === undefined) {
    const why = `unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${supported.join(' ')}]`;
    return Promise.reject(refuseUpgrade(request, socket, { code: 400, why }));
  }
  const server = new TurnByTurnServer({ maxPayload: mostBytes });
  // Kubernetes' names for tunnels hold a slash, which the library takes for a malformed header: the answer is made here.
  delete request.headers['sec-websocket-protocol'];
  if (offered.length > 0) server.once('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve, reject) => {
    // A request that is no valid handshake is answered and closed by the library.
    socket.once('close', () => reject(new Error('WebSocket handshake failed')));
    server.handleUpgrade(request, socket, head, (ws) => resolve({ ws, protocol }));
  });
}
