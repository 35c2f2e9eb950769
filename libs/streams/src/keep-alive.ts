import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Milliseconds } from '@kubernest/kit';

const AFTER: Milliseconds = 30_000;

/** Options of a server: a peer that vanished without a word is noticed by the kernel, however quiet what it asked for is. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: AFTER } as const;

/** The same of a connection that somebody else has opened. */
export function keepAlive(socket: Duplex): void {
  if ('setKeepAlive' in socket) (socket as Socket).setKeepAlive(true, AFTER);
}
