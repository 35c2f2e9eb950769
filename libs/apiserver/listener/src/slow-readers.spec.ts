import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createListener, type Listener } from './create-listener.ts';

const READERS = 200;
const maps = '/api/v1/namespaces/default/configmaps';
let api: TestServer;
let plain: Listener['server'];
let dir: string;
let socketPath: string;

beforeAll(async () => {
  api = await testServer({ limits: { readOnlyInFlight: READERS } });
  plain = createListener({ handler: api.server }, api.ctx).server;
  dir = await mkdtemp(join(tmpdir(), 'slow-readers-'));
  // What the system itself takes of a socket's bytes is little here.
  socketPath = join(dir, 'socket');
  await once(plain.listen(socketPath), 'listening');
  for (const name of ['a', 'b', 'c', 'd'])
    await get(maps, { body: JSON.stringify({ metadata: { name }, data: { text: 'x'.repeat(1_000_000) } }) });
});
afterAll(async () => {
  plain.closeAllConnections();
  plain.close();
  await api[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** Resolves with the head of the answer, of which nobody reads any more. */
async function get(path: string, { accept = 'application/json', body }: { accept?: string; body?: string } = {}) {
  const headers = { accept, 'content-type': 'application/json', 'x-user': 'ann' };
  const request = httpRequest({ socketPath, path, method: body ? 'POST' : 'GET', headers, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

test.each(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'])(
  'hundreds who do not read a list (%s) hold little memory each, and keep nobody out for long',
  async (accept) => {
    const answers: ServerResponse[] = [];
    const onRequest = (_: IncomingMessage, response: ServerResponse) => void answers.push(response);
    plain.on('request', onRequest);
    const readers = await Promise.all(Array.from({ length: READERS }, () => get(maps, { accept })));
    plain.off('request', onRequest);
    const broken = answers.map((answer) => once(answer, 'close'));
    for (const reader of readers) reader.on('error', () => {});
    const unread = answers.map((answer) => Math.max(answer.writableLength, answer.socket!.writableLength));
    // A piece and what is said of its length.
    expect(Math.max(...unread)).toBeLessThanOrEqual(256 * 1024 + 100);
    expect((await get('/version')).statusCode).toBe(429);
    await api.clock.advance(5000);
    expect((await get('/version')).statusCode).toBe(200);
    await Promise.race(broken);
    await api.clock.advance(55_000);
    await Promise.all(broken);
    expect((await get('/version')).statusCode).toBe(200);
  },
);

test('who reads slowly but reads gets the whole list', async () => {
  const reader = await get(maps);
  let length = 0;
  for await (const part of reader) {
    length += (part as Buffer).length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(length).toBe(Number(reader.headers['content-length']));
});
