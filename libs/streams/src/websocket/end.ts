import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/**
 * Says goodbye and hangs up. compat: the client's own goodbye is not waited for; some clients (fabric8) read on only when
 * the connection ends.
 */
export function endWebSocket({ ws, socket }: { readonly ws: WebSocket; readonly socket: Duplex }): void {
  ws.close(1000);
  socket.end();
}
