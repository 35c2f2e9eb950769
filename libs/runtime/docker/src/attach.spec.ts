import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAttach } from './attach.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const streams = { stdin: false, stdout: true, stderr: true, tty: true };

/** An engine with one container. Of what has ended it neither sends anything nor ends: as the real one does. */
const engine = createServer();
let state: object;
let onAttach: (socket: Duplex) => void;
let left: Promise<unknown>;

beforeEach(async () => {
  engine.removeAllListeners('request').on('request', (request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url?.endsWith('/wait')) response.end('{"StatusCode":0}');
    else response.end(JSON.stringify({ State: state, Config: { StdinOnce: true } }));
  });
  engine.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
    socket
      .on('error', () => {})
      .on('end', () => socket.end())
      .resume();
    left = once(socket, 'close');
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    onAttach(socket);
  });
  await once(engine.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  engine.closeAllConnections();
  engine.close();
});

const attach = () =>
  openAttach(new Docker({ host: '127.0.0.1', port: (engine.address() as AddressInfo).port }), 'c', streams, ctx);

it('refuses to attach to what ended before, and keeps no connection', async () => {
  state = { Running: false, Status: 'exited' };
  onAttach = () => {};
  await expect(attach()).rejects.toThrow('container is not running (exited)');
  await left;
});

it('hears what was attached to in time to the end', async () => {
  state = { Running: false, Status: 'exited' };
  onAttach = (socket) => socket.end('hi\n');
  expect(await text((await attach()).stdout!)).toBe('hi\n');
});

it('hears what runs', async () => {
  state = { Running: true, Status: 'running' };
  let say = (): void => {};
  onAttach = (socket) => {
    say = () => void socket.end('late\n');
  };
  const session = await attach();
  say();
  expect(await text(session.stdout!)).toBe('late\n');
});
