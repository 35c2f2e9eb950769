import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ChannelSocket } from './channel-socket.ts';

const stdin = 0;

it('carries all that a slow reader is sent, and listens to the reader no more often for it', async () => {
  const server = new WebSocketServer({ port: 0 });
  try {
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [ws] = (await once(server, 'connection')) as [WebSocket];
    const input = new ChannelSocket(ws, { base64: false, closes: true }).input(stdin);
    const before = input.eventNames().map((name) => [name, input.listenerCount(name)]);
    if (client.readyState !== client.OPEN) await once(client, 'open');
    const messages = 100;
    const message = Buffer.concat([Buffer.of(stdin), Buffer.alloc(40_000, 'x')]);
    for (let sent = 0; sent < messages; sent++) client.send(message);
    client.close();
    let size = 0;
    for await (const part of input) {
      size += (part as Buffer).length;
      for (const [name, count] of before)
        expect(input.listenerCount(name as string)).toBeLessThanOrEqual((count as number) + 4);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(size).toBe(messages * 40_000);
  } finally {
    server.close();
  }
});
