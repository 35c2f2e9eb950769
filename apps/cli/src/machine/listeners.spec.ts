import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listenerInode, listenerOn } from './listeners.ts';

it('only a socket that listens holds a port, not one that talks from it', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:192B 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 00000000:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1`;
  expect(listenerInode(table, 6443)).toBe('22');
  expect(listenerInode(table, 50000)).toBeUndefined();
});

it('a port names the process that listens on it, and is free afterwards', async () => {
  const server = createServer().listen(0);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await listenerOn(port)).toMatchObject({ isFree: false, holder: { pid: process.pid } });
  server.close();
  await once(server, 'close');
  // By then another program may listen there, but on no port that nobody is given.
  expect((await listenerOn(port)).holder?.pid).not.toBe(process.pid);
  expect(await listenerOn(0)).toEqual({ isFree: true });
});
