import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectPortForward } from './connect-port-forward.ts';
import { startEchoServer } from './echo-server.ts';

let front: { server: Server; port: number };
const pod = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
let podPort = 0;
beforeAll(async () => {
  front = await startEchoServer();
  await new Promise<void>((resolve) => pod.listen(0, '127.0.0.1', resolve));
  podPort = (pod.address() as AddressInfo).port;
});
afterAll(() => {
  front.server.close();
  pod.close();
});

describe.each(['tunnel', 'spdy'] as const)('port-forward over %s', (transport) => {
  const open = () =>
    connectPortForward({ connection: { host: '127.0.0.1', port: front.port }, path: '/portforward' }, transport);

  it('carries many connections at once, each to its end', async () => {
    const forward = await open();
    const sent = ['a', 'b', 'c'].map((letter) => Buffer.alloc(1_000_000, letter));
    const received = await Promise.all(
      sent.map(async (bytes) => {
        const connection = await forward.connect(podPort);
        connection.end(bytes);
        return buffer(connection);
      }),
    );
    expect(received.map((bytes, i) => bytes.equals(sent[i] as Buffer))).toEqual([true, true, true]);
    await forward.close();
    await forward.closed;
  });

  it('tells why one connection failed and goes on with the others', async () => {
    const forward = await open();
    const failing = await forward.connect(1);
    const error = await new Promise((resolve) => failing.on('error', resolve));
    expect(String(error)).toMatch(/error forwarding port 1 to pod: .*ECONNREFUSED/);
    const good = await forward.connect(podPort);
    good.end('still there');
    expect(await text(good)).toBe('still there');
    await forward.close();
  });
});

describe('port-forward over WebSocket channels', () => {
  it('begins both channels with the port and then carries bytes', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${front.port}/portforward?ports=${podPort}`, ['v4.channel.k8s.io']);
    const messages: Buffer[] = [];
    const echoed = new Promise<void>((resolve) =>
      ws.on('message', (data) => {
        messages.push(data as Buffer);
        if (messages.length === 3) resolve();
      }),
    );
    await new Promise((resolve) => ws.once('open', resolve));
    ws.send(Buffer.concat([Buffer.of(0), Buffer.from('hello')]));
    await echoed;
    const number = Buffer.alloc(2);
    number.writeUInt16LE(podPort);
    expect(messages).toEqual([Buffer.of(0, ...number), Buffer.of(1, ...number), Buffer.of(0, ...Buffer.from('hello'))]);
    ws.close();
  });

  it('closes the socket when the pod has ended the connection', async () => {
    const closing = createServer((socket) => socket.once('data', () => socket.end('bye')));
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
    const { port } = closing.address() as AddressInfo;
    const ws = new WebSocket(`ws://127.0.0.1:${front.port}/portforward?ports=${port}`, ['v4.channel.k8s.io']);
    const received: Buffer[] = [];
    ws.on('message', (data) => received.push(data as Buffer));
    await new Promise((resolve) => ws.once('open', resolve));
    ws.send(Buffer.concat([Buffer.of(0), Buffer.from('hello')]));
    const code = await new Promise((resolve) => ws.once('close', resolve));
    expect([code, received.at(-1)]).toEqual([1000, Buffer.of(0, ...Buffer.from('bye'))]);
    closing.close();
  });
});
