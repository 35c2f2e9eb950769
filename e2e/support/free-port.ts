import { createServer } from 'node:net';

/** Outside of what the kernel gives to connections and to listeners without a port, and of what clusters use. */
const ports = { first: 11_000, count: 7_000 };
// Each process begins elsewhere: what one found free and is about to use, no other tries meanwhile.
let nextPort = (process.pid * 61) % ports.count;

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < ports.count; tries++) {
    const port = ports.first + nextPort;
    nextPort = (nextPort + 1) % ports.count;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${ports.first} on`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
}
