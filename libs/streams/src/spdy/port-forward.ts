import type { Duplex } from 'node:stream';
import { messageOf } from '@kubernest/kit';
import { writeAndEnd } from '../end-stream.ts';
import { type Dial, join, parsePort } from '../forwarding.ts';
import { SpdyConnection } from './connection.ts';
import type { SpdyStream } from './stream.ts';

/** How long the second stream of a pair may take, as in Kubernetes. */
const pairTimeout = 30_000;

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
  readonly timer: NodeJS.Timeout;
}

/** Each forwarded connection is a pair of streams with one `requestid`: its data, and word of its failure. */
export async function serveSpdyPortForward(socket: Duplex, dial: Dial): Promise<void> {
  const pairs = new Map<string, Pair>();
  const controller = new AbortController();
  const serving = new Set<Promise<void>>();
  const connection = new SpdyConnection(socket, {
    side: 'server',
    onStream(stream) {
      const type = stream.headers['streamtype'];
      // compat: clients before request ids gave the error stream's number, the data stream's being the next.
      const key = stream.headers['requestid'] ?? String(type === 'data' ? stream.id - 2 : stream.id);
      if (type !== 'data' && type !== 'error') return void stream.destroy();
      const pair = pairs.get(key) ?? { timer: setTimeout(() => drop(key), pairTimeout) };
      pairs.set(key, pair);
      pair[type] = stream;
      if (!pair.data || !pair.error) return;
      clearTimeout(pair.timer);
      pairs.delete(key);
      const served = serveConnection(pair.data, pair.error, dial, controller.signal).finally(() =>
        serving.delete(served),
      );
      serving.add(served);
    },
  });
  const drop = (key: string) => {
    const pair = pairs.get(key);
    clearTimeout(pair?.timer);
    pair?.data?.destroy();
    pair?.error?.destroy();
    pairs.delete(key);
  };
  await connection.closed;
  controller.abort(new Error('the client went away'));
  for (const key of [...pairs.keys()]) drop(key);
  await Promise.all(serving);
}

async function serveConnection(data: SpdyStream, error: SpdyStream, dial: Dial, signal: AbortSignal): Promise<void> {
  error.resume();
  try {
    const port = parsePort(data.headers['port'] ?? '');
    const pod = await dial(port, signal).catch((reason: unknown) => {
      throw new Error(`error forwarding port ${port} to pod: ${messageOf(reason)}`, { cause: reason });
    });
    await join(data, pod);
    await writeAndEnd(error, '');
  } catch (failure) {
    // Ended, not reset: a reset may overtake the message on its way through the client.
    await writeAndEnd(error, messageOf(failure));
    data.resume().end();
  }
}
