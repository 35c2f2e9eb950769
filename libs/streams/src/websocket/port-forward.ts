import { Duplex } from 'node:stream';
import { messageOf } from '@kubernest/kit';
import type { WebSocket } from 'ws';
import { type Dial, join } from '../forwarding.ts';
import { ChannelSocket, formatOf } from './channel-socket.ts';

/** The old form: the nth port of the query has channel 2n for data and 2n+1 for errors; both begin with the port's number. */
export async function serveWebSocketPortForward(
  ws: WebSocket,
  protocol: string,
  ports: readonly number[],
  dial: Dial,
): Promise<void> {
  if (ports.length === 0) {
    ws.close(1008, 'the query must name at least one port');
    return;
  }
  const socket = new ChannelSocket(ws, formatOf(protocol));
  const controller = new AbortController();
  void socket.closed.then(() => controller.abort(new Error('the client went away')));
  const serving = ports.map(async (port, i) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    const data = Duplex.from({ readable: socket.input(2 * i), writable: socket.output(2 * i) } as never);
    data.on('error', () => {});
    socket.send(2 * i, number);
    socket.send(2 * i + 1, number);
    try {
      await join(data, await dial(port, controller.signal));
    } catch (error) {
      socket.send(2 * i + 1, Buffer.from(`error forwarding port ${port} to pod: ${messageOf(error)}`));
    }
  });
  await Promise.all(serving);
  ws.close(1000);
  await socket.closed;
}
