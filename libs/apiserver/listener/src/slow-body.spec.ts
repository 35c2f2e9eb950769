import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, onTestFinished, test } from 'vitest';
import { type Beside, createListener } from './create-listener.ts';

const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };

async function listening(handle: ApiServer['handle'], onRequest?: Beside['onRequest']) {
  const beside = onRequest && { path: '/ui', onRequest, upgradePath: '/ui/socket/', onUpgrade() {} };
  const { server } = createListener({ handler: { handle } as ApiServer, ...(beside ? { beside } : {}) }, ctx);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  return { server, socket };
}
const head = 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n';

test('a body of which nothing more comes after its answer does not keep the connection', async () => {
  const { server, socket } = await listening(async () => ({ kind: 'bytes', status: 403, headers: {}, body: [] }));
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  socket.write(`${head}begun`);
  const [, response] = await asked;
  if (!response.writableFinished) await once(response, 'finish');
  const closed = once(socket.resume(), 'close');
  await clock.advance(30_000);
  await closed;
});

test('a body that goes somewhere may take its time', async () => {
  let ended = (): void => {};
  const { server, socket } = await listening(async ({ http }) => {
    await new Promise<void>((resolve) => {
      ended = resolve;
      http!.resume().once('end', resolve);
    });
    return { kind: 'bytes', status: 200, headers: {}, body: [] };
  });
  expect(server.requestTimeout).toBe(0);
  socket.write(`${head}begun`);
  await once(server, 'request');
  await clock.advance(24 * 3_600_000);
  socket.write('x'.repeat(95));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  ended();
});

const never: ApiServer['handle'] = () => Promise.reject(new Error('not asked'));

test.each([
  ['of a known length', 'Content-Length: 1000', 'x'],
  ['in chunks', 'Transfer-Encoding: chunked', '1\r\nx\r\n'],
])('a body %s beside the API that nobody ends does not keep the connection', async (_how, framing, begun) => {
  for (const path of ['/ui', '/ui/session', '/ui/socket/?transport=polling']) {
    // Whether it is read or not.
    for (const onRequest of [(request: IncomingMessage) => void request.resume(), () => {}]) {
      const { server, socket } = await listening(never, onRequest);
      const asked = once(server, 'request');
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n${begun}`);
      await asked;
      const closed = once(socket.resume(), 'close');
      await clock.advance(30_000);
      await closed;
    }
  }
});

test('a body beside the API that was there in time has an answer that may take longer', async () => {
  let answer = (): void => {};
  const { server, socket } = await listening(never, (request, response) => {
    answer = () => void response.end('late');
    request.resume();
  });
  const asked = once(server, 'request') as Promise<[IncomingMessage]>;
  socket.write(`${head.replace('/x', '/ui/x')}${'x'.repeat(100)}`);
  const [request] = await asked;
  if (!request.readableEnded) await once(request, 'end');
  await clock.advance(24 * 3_600_000);
  answer();
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1.1 200 /);
});

test('the head of a request has its time as in Kubernetes', async () => {
  const { server } = await listening(never);
  expect(server.headersTimeout).toBe(32_000);
});
