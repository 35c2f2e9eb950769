import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createListener } from './create-listener.ts';
import { serverForAll } from './testing/server-for-all.ts';

describe('a body that trickles in', () => {
  test('is answered with 504 at its deadline, its connection closed, its place given to another', async () => {
    const clock = new FakeClock();
    const own: Context = { signal: new AbortController().signal, clock, log: silentLogger };
    const server = serverForAll({ mutatingInFlight: 1 });
    await server.start(own);
    const plain = createListener({ handler: server }, own).server;
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void plain.close());
    const post = (length: number) =>
      httpRequest({
        host: '127.0.0.1',
        port: (plain.address() as AddressInfo).port,
        path: '/api/v1/namespaces/default/configmaps',
        method: 'POST',
        headers: { 'content-length': length, 'content-type': 'application/json' },
      });
    const asked = once(plain, 'request');
    const slow = post(1000);
    const broken = new Promise((resolve) => slow.on('error', resolve).on('close', resolve));
    slow.write('{"metadata":');
    await asked;
    const object = JSON.stringify({ metadata: { name: 'quick' } });
    const answered = async (request: ReturnType<typeof httpRequest>) =>
      ((await once(request, 'response')) as [IncomingMessage])[0];
    const refused = post(object.length).end(object);
    expect((await answered(refused)).statusCode).toBe(429);
    const late = answered(slow);
    await clock.advance(60_000);
    expect(await late).toMatchObject({ statusCode: 504, headers: { connection: 'close' } });
    await broken;
    for (let code: number | undefined; code !== 201; )
      code = (await answered(post(object.length).end(object))).statusCode;
  });
});
