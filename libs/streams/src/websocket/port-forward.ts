import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '@kubernest/kit';
import type { WebSocket } from 'ws';
import type { Dial } from '../forwarding.ts';
import { ChannelSocket, formatOf } from './channel-socket.ts';
import { endWebSocket } from './end.ts';

/** The old form: the nth port of the query has channel 2n for data and 2n+1 for errors; both begin with the port's number. */
export async function serveWebSocketPortForward(
  connection: { readonly ws: WebSocket; readonly socket: Duplex },
  protocol: string,
  ports: readonly number[],
  dial: Dial,
): Promise<void> {
  if (ports.length === 0) {
    connection.ws.close(1008, 'the query must name at least one port');
    return;
  }
  const socket = new ChannelSocket(connection.ws, formatOf(protocol));
  const controller = new AbortController();
  void socket.closed.then(() => controller.abort(new Error('the client went away')));
  const serving = ports.map(async (port, i) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    const input = socket.input(2 * i);
    socket.send(2 * i, number);
    socket.send(2 * i + 1, number);
    try {
      await carry(input, socket.output(2 * i), await dial(port, controller.signal));
    } catch (error) {
      socket.send(2 * i + 1, Buffer.from(`error forwarding port ${port} to pod: ${messageOf(error)}`));
    }
  });
  await Promise.all(serving);
  endWebSocket(connection);
  await socket.closed;
}

/** Channels cannot be half-closed, so what the pod sends says alone when it is over: the client waits for the socket to close. */
async function carry(input: Readable, output: Writable, pod: Duplex): Promise<void> {
  const sent = pipeline(input, pod).catch(() => {});
  await pipeline(pod, output).finally(() => pod.destroy());
  await sent;
}
