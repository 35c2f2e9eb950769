import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

export interface NodePort {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

/** A port of this machine that is held. Closing it twice is harmless. */
export interface HeldPort {
  close(): Promise<void>;
}

/** On every IPv4 address: what the rules answer on, and what collides with a program on any one of them. */
const host = '0.0.0.0';

/**
 * Holds a port with a socket, so that no other program takes it unnoticed; rejects when one has it. The rules take all traffic before it
 * comes to the socket; what comes in the moment before they are written finds nobody. SCTP is not held: Node.js has no socket for it.
 */
export function holdPort({ protocol, port }: NodePort): Promise<HeldPort> {
  if (protocol === 'TCP') return holdTcp(port);
  if (protocol === 'UDP') return holdUdp(port);
  return Promise.resolve({ close: () => Promise.resolve() });
}

/** It listens: a socket that is only bound keeps nobody away, because Node.js binds with SO_REUSEADDR. */
function holdTcp(port: number): Promise<HeldPort> {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // it is over for both
    socket.resetAndDestroy();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => {}); // a connection that could not be accepted would be reset anyway
      server.unref();
      resolve({ close: () => new Promise((closed) => void server.close(() => closed())) });
    });
  });
}

function holdUdp(port: number): Promise<HeldPort> {
  const socket = createSocket({ type: 'udp4' });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.removeAllListeners('error').on('error', () => {}); // what could not be read would be dropped anyway
      socket.unref();
      let closing: Promise<void> | undefined;
      resolve({
        close: () => (closing ??= new Promise((closed) => void socket.close(() => closed()))),
      });
    });
  });
}
