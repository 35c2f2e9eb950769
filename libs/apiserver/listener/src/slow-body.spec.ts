import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { ApiServer } from '@kubernest/apiserver/engine';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, onTestFinished, test } from 'vitest';
import { createListener } from './create-listener.ts';

const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };

async function listening(handle: ApiServer['handle']) {
  const { server } = createListener({ handler: { handle } as ApiServer }, ctx);
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
