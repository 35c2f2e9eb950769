import { once } from 'node:events';
import { Agent, createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dial } from './dial.ts';

let clock: FakeClock;
let ctx: Context;
const servers: Server[] = [];
beforeEach(() => {
  clock = new FakeClock();
  ctx = { signal: new AbortController().signal, clock, log: silentLogger };
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<{ readonly host: string; readonly port: number }> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const tooLate = (message: string) => ({ name: 'DialError', fault: 'timeout', message });
const call = { method: 'GET', path: '/' };

describe('a call that gets nowhere ends in its time:', () => {
  test('a connection that does not come about', async () => {
    const agent = new Agent();
    const asked = new Promise<void>((resolve) => {
      agent.createConnection = () => {
        resolve();
        return Object.assign(new Duplex({ read() {}, write() {} }), { connecting: true });
      };
    });
    const answer = dial({ protocol: 'http:', host: '10.0.0.1', port: 80, agent }, call, ctx);
    const refused = expect(answer).rejects.toMatchObject(tooLate('dial tcp 10.0.0.1:80: i/o timeout'));
    await asked;
    await new Promise(setImmediate);
    await clock.advance(30_000);
    await refused;
  });

  test('a handshake that nobody takes up', async () => {
    const server = createServer();
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const at = await listening(server);
    const answer = dial({ protocol: 'https:', ...at }, call, ctx);
    const refused = expect(answer).rejects.toMatchObject(tooLate('net/http: TLS handshake timeout'));
    const [socket] = await accepted;
    await once(socket, 'data');
    await clock.advance(10_000);
    await refused;
    socket.destroy();
  });

  test('an answer without a head, once all of the request was sent', async () => {
    const server = createHttp();
    const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const at = await listening(server);
    const body = new PassThrough();
    body.write('begun');
    const answerWithin = 60_000;
    const answer = dial(at, { method: 'POST', path: '/', body, answerWithin }, ctx);
    const refused = expect(answer).rejects.toMatchObject(tooLate('net/http: timeout awaiting response headers'));
    const [request] = await asked;
    await clock.advance(10 * answerWithin);
    body.end();
    let read = '';
    for await (const part of request) read += part;
    expect(read).toBe('begun');
    await clock.advance(answerWithin);
    await refused;
  });
});

test('a body may take longer than any of these once the head was there', async () => {
  const server = createHttp((_request, response) => void response.write('a'));
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const at = await listening(server);
  const answer = await dial(at, call, ctx);
  await clock.advance(24 * 3_600_000);
  (await asked)[1].end('b');
  let read = '';
  for await (const part of answer) read += part;
  expect(read).toBe('ab');
});

describe.each([0, 6, 16 * 1024])('an answer of %d bytes that comes before the backend hangs up', (length) => {
  test.each([
    ['with its length', `Content-Length: ${length}`],
    ['to its end', 'Connection: close'],
  ])('%s is heard though the body could not be sent', async (_how, framing) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.pause();
        socket.write(`HTTP/1.1 413 Too Large\r\n${framing}\r\n\r\n${'x'.repeat(length)}`, () =>
          socket.resetAndDestroy(),
        );
      });
    });
    const at = await listening(server);
    for (let n = 0; n < 20; n++) {
      const body = new PassThrough();
      const answer = dial({ ...at, agent: false }, { method: 'POST', path: '/', body }, ctx);
      let answered = false;
      void answer.finally(() => (answered = true)).catch(() => {});
      while (!answered) {
        body.write('more');
        for (let turn = 0; turn <= n % 4; turn++) await new Promise(setImmediate);
      }
      let read = 0;
      const head = await answer;
      for await (const part of head) read += (part as Buffer).length;
      expect([head.statusCode, read]).toEqual([413, length]);
    }
  });
});

test('a backend that hangs up without a word gives no answer', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  const at = await listening(server);
  const body = new PassThrough();
  const refused = expect(dial({ ...at, agent: false }, { method: 'POST', path: '/', body }, ctx)).rejects.toMatchObject(
    { fault: 'broken' },
  );
  body.write('begun');
  await refused;
});
