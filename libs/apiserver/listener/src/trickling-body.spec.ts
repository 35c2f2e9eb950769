import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createListener } from './create-listener.ts';

describe('a body that trickles in', () => {
  test('is answered with 504 at its deadline, its connection closed, its place given to another', async () => {
    await using api = await testServer({ limits: { mutatingInFlight: 1 } });
    const plain = createListener({ handler: api.server }, api.ctx).server;
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void plain.close());
    const post = (length: number) =>
      httpRequest({
        host: '127.0.0.1',
        port: (plain.address() as AddressInfo).port,
        path: '/api/v1/namespaces/default/configmaps',
        method: 'POST',
        headers: { 'content-length': length, 'content-type': 'application/json', 'x-user': 'ann' },
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
    await api.clock.advance(60_000);
    expect(await late).toMatchObject({ statusCode: 504, headers: { connection: 'close' } });
    await broken;
    for (let code: number | undefined; code !== 201; )
      code = (await answered(post(object.length).end(object))).statusCode;
  });
});
