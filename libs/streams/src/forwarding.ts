import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Connects to a port of the pod; what it throws is told to the client, whose other connections go on. */
export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>;

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`port ${JSON.stringify(text)} must be between 1 and 65535`);
  return port;
}

/**
 * Joins two connections until both directions have ended; either's failure ends both. Not by two pipelines: each puts its listeners on
 * both ends, and with those of whoever else holds the connection Node takes them for a leak.
 */
export async function join(a: Duplex, b: Duplex): Promise<void> {
  const ended = (side: Duplex) =>
    finished(side).catch(() => {
      a.destroy();
      b.destroy();
    });
  a.pipe(b);
  b.pipe(a);
  await Promise.all([ended(a), ended(b)]);
}
