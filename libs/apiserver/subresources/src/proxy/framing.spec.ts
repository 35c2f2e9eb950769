import { once } from 'node:events';
import { type IncomingMessage, METHODS } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
/** What the backend took for a request, or for the beginning of none. */
const arrived: string[] = [];
let gone: Promise<unknown>[] = [];
beforeAll(async () => {
  space = await testSpace();
  const { backend } = space;
  backend.on('connection', (socket: Socket) => gone.push(once(socket, 'close')));
  backend.on('clientError', (error: Error, socket: Duplex) => {
    arrived.push(`no request: ${error.message}`);
    socket.destroy();
  });
  backend.on('upgrade', ({ method, url }: IncomingMessage, socket: Duplex) => {
    arrived.push(`${method} ${url} upgraded`);
    socket.resume();
  });
  backend.on('request', (request: IncomingMessage) => {
    const at = arrived.push('') - 1;
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => (arrived[at] = `${request.method} ${request.url} ${body}`));
  });
});
afterAll(() => space[Symbol.asyncDispose]());
beforeEach(() => {
  arrived.length = 0;
  gone = [];
});

const smuggled = 'DELETE /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const inChunks = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
const framings: readonly (readonly [string, string])[] = [
  [`Content-Length: ${smuggled.length}`, smuggled],
  ['Transfer-Encoding: chunked', inChunks],
  ['Transfer-Encoding: CHUNKED', inChunks],
  [`Expect: 100-continue\r\nContent-Length: ${smuggled.length}`, smuggled],
  ['Expect: 100-continue\r\nTransfer-Encoding: chunked', inChunks],
];
const named = [
  'content-length',
  'Content-Length , transfer-encoding',
  'transfer-encoding',
  'host',
  'expect',
  'content-type',
  'te, trailer, keep-alive',
  'connection',
  'x-forwarded-uri',
];

/** The status of each answer that a client hears; 100 is none. All of it has arrived at the backend by then. */
async function statusesOf(head: readonly string[], body = ''): Promise<readonly number[]> {
  const socket = connect(space.port, '127.0.0.1');
  const heard = text(socket);
  socket.write(`${[...head, 'Host: api.example', 'X-User: ann'].join('\r\n')}\r\n\r\n${body}`);
  const answers = (await heard).matchAll(/^HTTP\/1\.1 (\d+) /gm);
  await Promise.all(gone);
  return [...answers].map(([, status]) => Number(status)).filter((status) => status !== 100);
}

const passed = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ways = [`${pods}/one/proxy/first`, '/api/v1/nodes/n/proxy/first', '/api/v1/nodes/n:9100/proxy/first'];

describe.each(ways)('through %s the body', (path) => {
  test.each(passed)('of a %s stays the body of one request, whatever Connection names', async (method) => {
    for (const [framing, body] of framings)
      for (const name of named) {
        arrived.length = 0;
        const statuses = await statusesOf([`${method} ${path} HTTP/1.1`, framing, `Connection: close, ${name}`], body);
        expect([framing, name, statuses, arrived]).toEqual([framing, name, [200], [`${method} /first ${smuggled}`]]);
      }
  });

  test.each([
    [400, ['Content-Length: 1', `Content-Length: ${smuggled.length}`]],
    [400, [`Content-Length: ${smuggled.length}, ${smuggled.length}`]],
    [400, [`Content-Length: +${smuggled.length}`]],
    [400, ['Content-Length: 0x27']],
    [400, ['Content-Length: 5', 'Transfer-Encoding: chunked']],
    [501, ['Transfer-Encoding: identity']],
    [400, ['Transfer-Encoding: chunked, identity']],
    [501, ['Transfer-Encoding: gzip, chunked']],
    [400, ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    [417, ['Expect: something', `Content-Length: ${smuggled.length}`]],
  ])('whose end is not clear is answered %d: %j', async (status, framing) => {
    const body = /chunked/.test(framing.join()) ? inChunks : smuggled;
    for (const method of passed) {
      const statuses = await statusesOf([`${method} ${path} HTTP/1.1`, 'Connection: close', ...framing], body);
      expect([method, statuses, arrived]).toEqual([method, [status], []]);
    }
  });

  test.each(framings)('that comes with an upgrade (%s) is upgraded by nobody', async (framing, body) => {
    for (const method of ['GET', 'POST']) {
      arrived.length = 0;
      const upgrade = ['Connection: Upgrade, content-length', 'Upgrade: websocket', 'Connection: close'];
      await statusesOf([`${method} ${path} HTTP/1.1`, framing, ...upgrade], body);
      expect(arrived).toEqual([`${method} /first ${smuggled}`]);
    }
  });

  test('is none where the connection was upgraded', async () => {
    for (const method of ['GET', 'POST']) {
      arrived.length = 0;
      const upgrade = ['Connection: Upgrade, content-length, host', 'Upgrade: websocket', 'Content-Length: 0'];
      expect(await statusesOf([`${method} ${path} HTTP/1.1`, ...upgrade], smuggled)).toEqual([101]);
      expect(arrived).toEqual([`${method} /first upgraded`]);
    }
  });
});

test('a method that no proxy takes reaches nobody with or without a body', async () => {
  for (const method of METHODS.filter((each) => !passed.includes(each) && each !== 'CONNECT'))
    for (const [framing, body] of framings) {
      const head = [`${method} ${ways[0]} HTTP/1.1`, framing, 'Connection: close, content-length'];
      const statuses = await statusesOf(head, body);
      expect([method, statuses, arrived]).toEqual([method, [405], []]);
    }
});
