import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ApiRequest, type ApiServer, jsonResponse } from '@kubernest/apiserver/contract';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { expect, onTestFinished, test } from 'vitest';
import { type Beside, createListener } from './create-listener.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Answers each request a turn later with its path and its body, and counts how many it has at once. */
async function listen(beside?: Beside) {
  const seen = { atOnce: 0, most: 0 };
  const handler: Pick<ApiServer, 'handle'> = {
    async handle(request: ApiRequest) {
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      const body = await request.body();
      await aTurn();
      seen.atOnce -= 1;
      return jsonResponse(200, `<${request.path} ${Buffer.from(body).toString()}>`);
    },
  };
  const { server } = createListener({ handler: handler as ApiServer, ...(beside ? { beside } : {}) }, ctx);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { seen, server, port: (server.address() as AddressInfo).port };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunks = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body.replace(/./g, '1\r\n$&\r\n')}0\r\n\r\n`;

test.each([
  ['small', (i: number) => get(`/${i}`), () => ''],
  ['with bodies', (i: number) => post(`/${i}`, 'b'.repeat(i * 7)), (i: number) => 'b'.repeat(i * 7)],
  ['with bodies in one-byte chunks', (i: number) => chunks(`/${i}`, 'c'.repeat(i)), (i: number) => 'c'.repeat(i)],
  [
    'of all sorts',
    (i: number) => [get(`/${i}`), post(`/${i}`, 'b'.repeat(3000)), chunks(`/${i}`, 'c'.repeat(3000))][i % 3]!,
    (i: number) => ['', 'b'.repeat(3000), 'c'.repeat(3000)][i % 3]!,
  ],
])('many requests sent at once (%s) are worked on one after the other, and all are answered', async (_, ask, body) => {
  const { seen, port } = await listen();
  const socket = connect({ port, host: '127.0.0.1' });
  const numbers = Array.from({ length: 500 }, (_, i) => i);
  socket.end(numbers.map(ask).join(''));
  const answers = (await text(socket)).match(/<[^>]*>/g);
  expect(answers).toEqual(numbers.map((i) => `</${i} ${body(i)}>`));
  expect(seen.most).toBe(1);
});

test('the rest of many requests is not read while an answer is on its way', async () => {
  const { seen, port, server } = await listen();
  const came = once(server, 'connection');
  const socket = connect({ port, host: '127.0.0.1' });
  let begun = 0;
  server.on('request', () => {
    begun += 1;
  });
  socket.end(get('/x').repeat(3000));
  await came;
  await once(server, 'request');
  // One piece for the parser is all that was read of them.
  expect(begun).toBeLessThanOrEqual(2048 / get('/x').length + 1);
  expect((await text(socket)).match(/<\/x >/g)).toHaveLength(3000);
  expect(seen.most).toBe(1);
});

test('a client that goes away in the middle leaves no request behind', async () => {
  const { seen, port, server } = await listen();
  const socket = connect({ port, host: '127.0.0.1' });
  const accepted = once(server, 'connection');
  socket.write(get('/x').repeat(3000));
  const [connection] = (await accepted) as [Socket];
  await once(socket, 'data');
  const closed = new Promise((resolve) => connection.once('close', resolve));
  socket.resetAndDestroy();
  await closed;
  await aTurn();
  await aTurn();
  expect(seen).toEqual({ atOnce: 0, most: 1 });
});

test.each([10, 2048, 50_000])('%i bytes sent behind an upgrade get to whom it goes', async (length) => {
  const sent = Buffer.from(Array.from({ length }, (_, i) => i % 251));
  const got = new Promise<Buffer>((resolve) => {
    const onUpgrade: Beside['onUpgrade'] = (_request, socket, head) => {
      const parts = [head];
      socket.on('data', (part: Buffer) => parts.push(part));
      socket.on('end', () => {
        socket.end();
        resolve(Buffer.concat(parts));
      });
    };
    const beside = { path: '/ui', upgradePath: '/ui/', onRequest: () => {}, onUpgrade };
    listen(beside).then(({ port }) => {
      const head = 'GET /ui/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
      connect({ port, host: '127.0.0.1' }).end(Buffer.concat([Buffer.from(head), sent]));
    }, resolve);
  });
  expect((await got).equals(sent)).toBe(true);
});
