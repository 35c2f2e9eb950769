import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createListener, type Listener } from './create-listener.ts';

let api: Awaited<ReturnType<typeof testServer>>;
let listener: Listener;
beforeAll(async () => {
  api = await testServer({
    documents: () => ({
      '/stream': () => ({ kind: 'stream', status: 200, headers: {}, run: (sink) => sink.write(Buffer.from('x')) }),
    }),
  });
  listener = createListener({ handler: api.server }, api.ctx);
  await once(listener.server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  listener.drain();
  listener.server.close();
  listener.server.closeAllConnections();
  await api[Symbol.asyncDispose]();
});

async function idOf(line: string, headers: OutgoingHttpHeaders = {}): Promise<string | undefined> {
  const [method, path] = line.split(' ');
  const { port } = listener.server.address() as AddressInfo;
  const request = httpRequest({ port, host: '127.0.0.1', method, path, headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.destroy();
  return response.headers['audit-id'] as string | undefined;
}

const maps = '/api/v1/namespaces/default/configmaps';
const long = 'x'.repeat(8000);
const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };

describe.each([
  ['an object', 'GET /api/v1/namespaces/default', {}],
  ['a list', `GET ${maps}`, {}],
  ['a watch', `GET ${maps}?watch=1`, {}],
  ['a stream', 'GET /stream', {}],
  ['a document', 'GET /version', {}],
  ['a page that is not there', 'GET /nowhere', {}],
  ['a refusal', `POST ${maps}`, {}],
  ['an upgrade that is refused', `GET ${maps}/a`, upgrade],
])('the answer of %s', (_, line, more) => {
  test('has a name of its own', async () => {
    const ids = [await idOf(line, more), await idOf(line, more)];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test.each([
    ['mine', 'mine'],
    ['mine, too', 'mine, too'],
    [long, long],
    [['first', 'second'], 'first'],
  ])('has the name that its client gave: %j', async (given, id) => {
    expect(await idOf(line, { 'audit-id': given, ...more })).toBe(id);
  });

  test.each(['', ['', 'second']])('has a name though its client gave none: %j', async (given) => {
    expect(await idOf(line, { 'audit-id': given, ...more })).toMatch(/^[0-9a-f-]{36}$/);
  });
});
