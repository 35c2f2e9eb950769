import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { expect, it } from 'vitest';
import { takeFewPackets } from './few-packets.ts';

it('of thousands of packets in one request few are worked on, and then the connection ends', async () => {
  const http = createServer();
  const io = new Server(http);
  takeFewPackets(io);
  let greeted = 0;
  io.use((_, next) => {
    greeted++;
    next(new Error('who are you?'));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=polling`;
  try {
    const opened = await (await fetch(address)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const send = (packets: number) =>
      fetch(`${address}&sid=${sid}`, { method: 'POST', body: Array(packets).fill('40').join('\x1e') });
    expect((await send(50)).status).toBe(200);
    expect(greeted).toBe(50);
    await send(5000);
    expect(greeted).toBeLessThan(50 + 100);
    expect(io.engine.clientsCount).toBe(0);
  } finally {
    await io.close();
  }
});
