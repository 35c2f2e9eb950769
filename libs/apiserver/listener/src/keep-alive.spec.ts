import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { issueAuthority } from '@kubernest/pki';
import { kernelTimer, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createListener, type Listener } from './create-listener.ts';
import { tlsListener } from './tls-listener.fixture.ts';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

async function timerAt({ server }: Listener) {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const [socket] = await accepted;
    return await kernelTimer(socket);
  } finally {
    client.resetAndDestroy();
  }
}

test('of a client that vanishes the kernel learns, however quiet the connection is', async () => {
  const plain = createListener({ handler: api.server }, api.ctx);
  await once(plain.server.listen(0, '127.0.0.1'), 'listening');
  const ca = await issueAuthority('test', api.ctx);
  await using safe = await tlsListener(ca, { handler: api.server }, api.ctx);
  try {
    expect([await timerAt(plain), await timerAt(safe.listener)]).toEqual(['keepalive', 'keepalive']);
  } finally {
    plain.server.close();
  }
});
