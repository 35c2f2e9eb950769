import type { Server } from 'socket.io';

/** A page says one thing at a time, and answers pings. */
const MOST_IN_A_TURN = 64;

/**
 * Hangs up on who packs more into one request than any page does: all that is in it is worked on at once. By a WebSocket comes one in a
 * turn anyway.
 */
export function takeFewPackets(io: Server): void {
  io.engine.on('connection', (socket) => {
    let inThisTurn = 0;
    socket.on('packet', () => {
      if (inThisTurn === 0) setImmediate(() => (inThisTurn = 0));
      if (++inThisTurn > MOST_IN_A_TURN) socket.close(true);
    });
  });
}
