import { type ServerOptions, WebSocketServer } from 'ws';

/** Of one message. They are no messages themselves and come all at once. */
const MOST_FRAGMENTS = 1024;

/**
 * Of a message of those who have something to say: a frame is kept until it is whole, and worked on at once. compat: Kubernetes takes 32 MiB;
 * in base64 that would be a tenth of a second. Clients send 32 KiB, or all of a file.
 */
export const MOST_CHANNEL_BYTES = 16 * 1024 * 1024;
/** Of those who are only sent something. */
export const MOST_LISTENER_BYTES = 64 * 1024;

/**
 * Of each connection one message, ping or pong in a turn of the event loop: a client may send ten thousand of them in one piece, and all
 * others would wait until each was worked on.
 */
export class TurnByTurnServer extends WebSocketServer {
  constructor(options: ServerOptions & { readonly maxPayload: number }) {
    super({
      ...options,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      allowSynchronousEvents: false,
      maxFragments: MOST_FRAGMENTS,
    });
  }
}
