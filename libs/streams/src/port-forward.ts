import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream } from 'ws';
import { acceptWebSocket } from './accept.ts';
import { type Dial, parsePort } from './forwarding.ts';
import { acceptSpdy, isSpdy, isWebSocket, refuseUpgrade } from './handshake.ts';
import { serveSpdyPortForward } from './spdy/port-forward.ts';
import { serveWebSocketPortForward } from './websocket/port-forward.ts';
import { MOST_CHANNEL_BYTES } from './websocket/server.ts';

const spdyProtocol = 'portforward.k8s.io';
/** SPDY inside a WebSocket, as kubectl since 1.31 does it; the second is the name in the proposal. */
const tunnelProtocols = ['SPDY/3.1+portforward.k8s.io', 'v2.portforward.k8s.io'];
const channelProtocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];

/**
 * The server's side of port-forward in every form that clients know. `ports` are those of the query (for the old WebSocket form).
 * Resolves when the client has gone and every connection is closed.
 */
export async function servePortForward(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: { readonly ports: readonly number[]; readonly dial: Dial },
): Promise<void> {
  if (isSpdy(request)) {
    acceptSpdy(request, socket, head, [spdyProtocol], spdyProtocol);
    return serveSpdyPortForward(socket, options.dial);
  }
  if (!isWebSocket(request)) {
    const why = 'unable to upgrade: expected WebSocket or SPDY/3.1';
    throw refuseUpgrade(request, socket, { code: 400, why });
  }
  const { ws, protocol } = await acceptWebSocket(
    { request, socket, head },
    {
      supported: [...tunnelProtocols, ...channelProtocols],
      fallback: 'v4.channel.k8s.io',
      mostBytes: MOST_CHANNEL_BYTES,
    },
  );
  if (tunnelProtocols.includes(protocol)) return serveSpdyPortForward(createWebSocketStream(ws), options.dial);
  return serveWebSocketPortForward({ ws, socket }, protocol, options.ports, options.dial);
}

/** The ports that a query names: `ports=80&ports=443` or `ports=80,443`. Throws for what is no port. */
export function portsOfQuery(query: URLSearchParams): readonly number[] {
  return query
    .getAll('ports')
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
    .map(parsePort);
}

export type { Dial } from './forwarding.ts';
