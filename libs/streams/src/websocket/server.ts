import { type ServerOptions, WebSocketServer } from 'ws';

/** Of one message. They are no messages themselves and come all at once. */
const MOST_FRAGMENTS = 1024;

/**
 * Of each connection one message, ping or pong in a turn of the event loop: a client may send ten thousand of them in one piece, and all
 * others would wait until each was worked on.
 */
export class TurnByTurnServer extends WebSocketServer {
  constructor(options: ServerOptions = {}) {
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
