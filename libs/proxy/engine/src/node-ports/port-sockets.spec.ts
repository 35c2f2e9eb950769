import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HeldPort, holdPort, type NodePort } from './port-sockets.ts';

type Protocol = 'TCP' | 'UDP';

/** A program of this machine that has a port; 0 takes a free one. */
async function program(protocol: Protocol, port = 0, address = '0.0.0.0'): Promise<NodePort & HeldPort> {
  const socket = protocol === 'TCP' ? createServer() : createSocket('udp4');
  const listening = once(socket, 'listening');
  if ('listen' in socket) socket.listen(port, address);
  else socket.bind(port, address);
  await listening;
  const close = () => new Promise<void>((closed) => void socket.close(() => closed()));
  return { protocol, port: (socket.address() as AddressInfo).port, close };
}

/** Outside of what the kernel gives to connections: any of these takes a port that is free for a moment. */
const ports = { first: 18_000, count: 7_000 };
let nextPort = (process.pid * 61) % ports.count;

/** One that nobody has in either protocol. */
async function freePort(protocol: Protocol): Promise<NodePort> {
  for (;;) {
    const port = ports.first + nextPort;
    nextPort = (nextPort + 1) % ports.count;
    const both = await Promise.allSettled([program('TCP', port), program('UDP', port)]);
    for (const each of both) if (each.status === 'fulfilled') await each.value.close();
    if (both.every(({ status }) => status === 'fulfilled')) return { protocol, port };
  }
}

async function hold(port: NodePort): Promise<HeldPort> {
  const held = await holdPort(port);
  onTestFinished(() => held.close());
  return held;
}

const inUse = { code: 'EADDRINUSE' };

describe.each(['TCP', 'UDP'] as const)('a held %s port', (protocol) => {
  it('is kept from programs, on every address and on a single one, and from others who hold', async () => {
    const port = await freePort(protocol);
    await hold(port);
    await expect(program(protocol, port.port)).rejects.toMatchObject(inUse);
    await expect(program(protocol, port.port, '127.0.0.1')).rejects.toMatchObject(inUse);
    await expect(holdPort(port)).rejects.toMatchObject(inUse);
  });

  it.each(['0.0.0.0', '127.0.0.1'])('cannot be one that a program has on %s, until that has ended', async (address) => {
    const taken = await program(protocol, 0, address);
    await expect(holdPort(taken)).rejects.toMatchObject(inUse);
    await taken.close();
    await hold(taken);
  });

  it('is free again once it was closed, however often', async () => {
    const port = await freePort(protocol);
    const held = await hold(port);
    await Promise.all([held.close(), held.close()]);
    await held.close();
    await (await program(protocol, port.port)).close();
  });

  it('leaves the port of the other protocol alone', async () => {
    const port = await freePort(protocol);
    await hold(port);
    const other = protocol === 'TCP' ? 'UDP' : 'TCP';
    await (await program(other, port.port)).close();
  });
});

it('a connection that comes before the rules do is reset, and the port stays held', async () => {
  const port = await freePort('TCP');
  await hold(port);
  const socket = connect(port.port, '127.0.0.1');
  const [error] = await once(socket, 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  await expect(program('TCP', port.port)).rejects.toMatchObject(inUse);
});

it('a port of SCTP is not held', async () => {
  const port = { protocol: 'SCTP', port: 30_000 } as const;
  await hold(port);
  await hold(port);
});
