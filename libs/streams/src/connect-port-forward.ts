import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createWebSocketStream } from 'ws';
import { connectSpdy, connectWebSocket, type UpgradeRequest } from './dial-upgrade.ts';
import { SpdyConnection } from './spdy/connection.ts';

/** The client's end of a port-forward: any number of connections over one. */
export interface PortForward {
  /** Opens a connection to a port of the pod. Its failure destroys the stream with the server's words. */
  connect(port: number): Promise<Duplex>;
  close(): Promise<void>;
  readonly closed: Promise<void>;
}

/** `spdy` works with every server. `tunnel` wraps it into a WebSocket, for ways that let nothing else pass; only our own servers know its name. */
export async function connectPortForward(
  request: UpgradeRequest,
  transport: 'tunnel' | 'spdy' = 'spdy',
): Promise<PortForward> {
  const socket =
    transport === 'tunnel'
      ? createWebSocketStream(await connectWebSocket(request, ['v2.portforward.k8s.io']))
      : (await connectSpdy(request, ['portforward.k8s.io'])).socket;
  const connection = new SpdyConnection(socket, { side: 'client' });
  let requests = 0;
  return {
    async connect(port) {
      const headers = { port: String(port), requestid: String(requests++) };
      const errors = await connection.openStream({ ...headers, streamtype: 'error' });
      errors.end();
      const data = await connection.openStream({ ...headers, streamtype: 'data' });
      text(errors).then(
        (message) => message !== '' && data.destroy(new Error(message)),
        () => {},
      );
      return data;
    },
    close: () => connection.end(),
    closed: connection.closed,
  };
}
