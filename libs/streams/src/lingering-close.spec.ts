import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { lingeringClose } from './lingering-close.ts';

/** A connection whose ends close each for itself. */
async function connected() {
  const server = createServer({ allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [socket] = await accepted;
  server.close();
  return { client, socket };
}

it('a client reads the last word and the end, though it has more to say', async () => {
  const { client, socket } = await connected();
  client.write(Buffer.alloc(8 * 1024 * 1024));
  const heard = text(client);
  lingeringClose(socket, 'no');
  expect(await heard).toBe('no');
  client.destroy();
});

it('a client that never closes its half does not keep the connection', async () => {
  const { client, socket } = await connected();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    lingeringClose(socket, 'no');
    expect(await text(client)).toBe('no');
    expect(socket.destroyed).toBe(false);
    vi.runAllTimers();
    expect(socket.destroyed).toBe(true);
  } finally {
    vi.useRealTimers();
    client.destroy();
  }
});
