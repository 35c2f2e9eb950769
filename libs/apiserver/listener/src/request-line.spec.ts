import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createListener, type Listener } from './create-listener.ts';

let api: TestServer;
let listener: Listener;
const seen: ApiRequest[] = [];
beforeAll(async () => {
  api = await testServer();
  const handler = {
    ...api.server,
    handle(request: ApiRequest, ctx: typeof api.ctx) {
      seen.push(request);
      return api.server.handle(request, ctx);
    },
  };
  const beside = {
    path: '/ui',
    onRequest: (_: unknown, response: { end(text: string): void }) => response.end('beside'),
    upgradePath: '/ui/socket/',
    onUpgrade: () => {},
  };
  listener = createListener({ handler, beside }, api.ctx);
  await once(listener.server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  listener.drain();
  listener.server.close();
  await api[Symbol.asyncDispose]();
});
beforeEach(() => void seen.splice(0));

/** All that comes back for what is sent. */
async function raw(...lines: string[]): Promise<string> {
  const socket = connect((listener.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.end();
  return text(socket);
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const namespaces = '/api/v1/namespaces/default/configmaps';

test.each([
  [`https://kubernest.example:6443${namespaces}?limit=5`, namespaces, 'kubernest.example:6443'],
  [`HTTP://me:secret@[2001:db8::1]${namespaces}`, namespaces, '[2001:db8::1]'],
  ['http://kubernest.example', '/', 'kubernest.example'],
  ['http://kubernest.example?limit=5', '/', 'kubernest.example'],
])('%s is served as %s of the host that it names', async (target, path, host) => {
  const answer = await raw(`GET ${target} HTTP/1.1`, 'Host: else.example', 'x-user: ann', 'Connection: close');
  expect(statusOf(answer)).toBe(200);
  const [request] = seen;
  expect([request?.path, request?.headers['host'], request?.http?.url?.startsWith('/')]).toEqual([path, host, true]);
  expect(request?.search).toBe(target.includes('?') ? '?limit=5' : '');
});

test('what is beside the API is found under a whole address, too', async () => {
  expect(await raw('GET http://kubernest.example/ui/ HTTP/1.1', 'Host: x', 'Connection: close')).toMatch(/beside$/);
  expect(seen).toEqual([]);
});

const body = ['2', '{}', '0', ''];
test.each([['gzip, chunked'], ['gzip,chunked'], ['identity, chunked']])(
  'a body that is coded %s is not read',
  async (coding) => {
    const head = [`POST ${namespaces} HTTP/1.1`, 'Host: x', 'x-user: ann', `Transfer-Encoding: ${coding}`, ''];
    const answer = await raw(...head, ...body);
    expect([statusOf(answer), seen.length]).toEqual([501, 0]);
    expect(answer).toMatch(/\r\nconnection: close\r\n(.*\r\n)*\r\n(.*\r\n)?Unsupported transfer encoding/i);
  },
);

test('a body in chunks is', async () => {
  const head = [`POST ${namespaces} HTTP/1.1`, 'Host: x', 'x-user: ann', 'Transfer-Encoding: Chunked'];
  expect(statusOf(await raw(...head, 'Connection: close', '', ...body))).toBe(422);
});

test.each([
  ['/api/v1/namespaces/%zz/pods', '400 Bad Request'],
  ['/api/v1/namespaces/a%', '400 Bad Request'],
  ['/api/v1/namespaces/a%2?x=%41', '400 Bad Request'],
  ['http://kubernest.example/%4', '400 Bad Request'],
])('an address whose path is escaped wrongly is not served: %s', async (target, told) => {
  for (const upgrade of [[], ['Connection: Upgrade', 'Upgrade: websocket']]) {
    const answer = await raw(`GET ${target} HTTP/1.1`, 'Host: x', 'x-user: ann', ...upgrade);
    expect([statusOf(answer), seen.length]).toEqual([400, 0]);
    expect(answer.endsWith(told)).toBe(true);
  }
});

test.each(['/api/v1/namespaces?labelSelector=%zz', '/api/v1/namespaces/%61/pods'])(
  '%s is looked at',
  async (target) => {
    await raw(`GET ${target} HTTP/1.1`, 'Host: x', 'x-user: ann', 'Connection: close');
    expect(seen.length).toBe(1);
  },
);

test('nor is a request for two hosts', async () => {
  for (const upgrade of [[], ['Connection: Upgrade', 'Upgrade: websocket']]) {
    const head = [`GET ${namespaces} HTTP/1.1`, 'Host: x', 'x-user: ann', 'HOST: x'];
    const answer = await raw(...head, ...upgrade);
    expect([statusOf(answer), seen.length]).toEqual([400, 0]);
    expect(answer).toMatch(/400 Bad Request: too many Host headers$/);
  }
});
