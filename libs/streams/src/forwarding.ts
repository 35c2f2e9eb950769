import { type Duplex, pipeline } from 'node:stream';

/** Connects to a port of the pod; what it throws is told to the client, whose other connections go on. */
export type Dial = (port: number, signal: AbortSignal) => Promise<Duplex>;

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`port ${JSON.stringify(text)} must be between 1 and 65535`);
  return port;
}

/** Joins two connections until both directions have ended; either's failure ends both. */
export function join(a: Duplex, b: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let open = 2;
    const ended = (error?: Error | null) => {
      if (error) {
        a.destroy();
        b.destroy();
      }
      open -= 1;
      if (open === 0) resolve();
    };
    pipeline(a, b, ended);
    pipeline(b, a, ended);
  });
}
