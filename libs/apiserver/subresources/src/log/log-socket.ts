import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Context, inLargeParts } from '@kubernest/kit';
import { acceptWebSocket, endWebSocket } from '@kubernest/streams';

const protocols = ['binary.k8s.io', 'base64.binary.k8s.io'];

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Sends what comes as messages of a WebSocket, for clients that have nothing else (browsers); closed with the last. */
export async function sendOverWebSocket(upgrade: Upgrade, answer: IncomingMessage, ctx: Context): Promise<void> {
  const { socket } = upgrade;
  const stop = () => answer.destroy();
  try {
    const { ws, protocol } = await acceptWebSocket(upgrade, { supported: protocols, fallback: 'binary.k8s.io' });
    ws.once('close', stop);
    ws.once('error', stop);
    ctx.signal.addEventListener('abort', stop, { once: true });
    const asText = protocol === 'base64.binary.k8s.io';
    for await (const part of inLargeParts(answer)) {
      await new Promise<void>((sent, failed) =>
        ws.send(asText ? part.toString('base64') : part, { binary: !asText }, (error) =>
          error ? failed(error) : sent(),
        ),
      );
    }
    endWebSocket({ ws, socket });
  } catch {
    socket.destroy(); // the client went away, or was told why not
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    stop();
  }
}
