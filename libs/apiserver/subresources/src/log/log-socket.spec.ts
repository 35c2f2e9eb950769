import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger, systemClock } from '@kubernest/kit';
import { expect, test } from 'vitest';
import { sendOverWebSocket } from './log-socket.ts';

const listening = (server: Server) =>
  new Promise<number>((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));

test.each([
  ['binary.k8s.io', 'one\ntwo\n'],
  ['base64.binary.k8s.io', Buffer.from('one\ntwo\n').toString('base64')],
])('a log is read over a WebSocket that speaks %s, and it ends with the log', async (protocol, expected) => {
  const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
  const agent = createServer((_request, response) => void response.end('one\ntwo\n'));
  const agentPort = await listening(agent);
  const server = createServer();
  server.on('upgrade', async (request, socket, head) => {
    const answer = await new Promise<IncomingMessage>((done) => void get({ port: agentPort }, done));
    await sendOverWebSocket({ request, socket, head }, answer, ctx);
  });
  try {
    const socket = new WebSocket(`ws://127.0.0.1:${await listening(server)}/log`, protocol);
    socket.binaryType = 'arraybuffer';
    let text = '';
    socket.addEventListener('message', ({ data }) => {
      text += typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString();
    });
    const code = await new Promise<number>((done) => socket.addEventListener('close', (event) => done(event.code)));
    expect([text, code, socket.protocol]).toEqual([expected, 1000, protocol]);
  } finally {
    server.close();
    agent.close();
  }
});
