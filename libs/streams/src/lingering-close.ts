import type { Duplex } from 'node:stream';

/** How long the other side may take to read its answer and close. */
const LINGER_MS = 2_000;

/**
 * Says a last word on a connection that nobody serves any longer and closes it, whatever the other side does: its half stays open no
 * longer than it takes to read. What still comes in is dropped, as unread bytes would take the last word away from the client.
 */
export function lingeringClose(socket: Duplex, lastWord?: string | Uint8Array): void {
  socket.on('error', () => {});
  if (socket.destroyed) return;
  socket.resume();
  if (!socket.writableEnded) socket.end(lastWord);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
