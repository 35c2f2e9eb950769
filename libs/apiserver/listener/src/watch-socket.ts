import type { ApiRequest, WatchResponse } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { acceptWebSocket, endWebSocket, offeredProtocols } from '@kubernest/streams';
import { drained, type WriteOptions } from './write-response.ts';

const NEWLINE = 0x0a;
const LENGTH_BYTES = 4;

/** compat: some clients (fabric8, browsers) watch over a WebSocket: one message for an event, text unless it is protobuf. */
export async function watchOverWebSocket(
  { request, socket, head }: NonNullable<ApiRequest['upgrade']>,
  answer: WatchResponse,
  { slowWatcherBytes }: WriteOptions,
  ctx: Context,
): Promise<void> {
  // compat: the protocol asked for is agreed to, whichever it is, and changes nothing.
  const offered = offeredProtocols(request.headers['sec-websocket-protocol']);
  const { ws } = await acceptWebSocket({ request, socket, head }, { supported: offered, fallback: '' });
  ws.on('error', () => {});
  const binary = (answer.headers['content-type'] ?? '').includes('protobuf');
  const events = binary ? framed : lines;
  await answer.run(
    {
      writeBytes(bytes) {
        if (ws.readyState !== ws.OPEN || socket.writableLength > slowWatcherBytes) return false;
        socket.cork();
        for (const event of events(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)))
          ws.send(event, { binary });
        socket.uncork();
        return true;
      },
      drained: () => drained(socket),
    },
    ctx,
  );
  endWebSocket({ ws, socket });
}

/** JSON events, each on a line. */
function* lines(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, from);
    const to = end < 0 ? bytes.length : end + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

/** Protobuf events, each after its length, which a message needs no more. */
function* framed(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const to = from + LENGTH_BYTES + bytes.readUInt32BE(from);
    yield bytes.subarray(from + LENGTH_BYTES, to);
    from = to;
  }
}
