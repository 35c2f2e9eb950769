import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  dialerTo,
  type Pki,
  plainly,
  type Serving,
  securely,
  testContext,
  testPki,
} from '@kubernest/apiserver/dialer/testing';
import type { Context } from '@kubernest/kit';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from './contract.ts';
import { dial } from './dial.ts';
import { upgrade } from './upgrade.ts';

let pki: Pki;
beforeAll(async () => {
  pki = await testPki();
});

const hello: RequestListener = (_request, response) => void response.end('hello');
const get = { method: 'GET', path: '/' };
const answered = async (connection: Connection, ctx: Context) => text(await dial(connection, get, ctx));
const plain = { host: '10.0.0.1', port: 80, security: 'none' } as const;
/** Once so many of the connections that came in have ended. */
const closed = ({ accepted }: Serving, count: number) =>
  new Promise<void>((resolve) => {
    let left = count;
    for (const socket of accepted) socket.once('close', () => --left === 0 && resolve());
  });

describe('a connection is used again', () => {
  test('for the same address, but not for another one', async () => {
    const server = await plainly(hello);
    const { ctx } = testContext();
    const dialer = dialerTo(server.port, ctx);
    for (const host of ['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.1'])
      expect(await answered(await dialer.toPort({ ...plain, host }), ctx)).toBe('hello');
    expect(dialer.dialled).toEqual(['10.0.0.1:80', '10.0.0.2:80']);
  });

  test('with the same trust and credentials, but not with others', async () => {
    const server = await securely(pki, ['hooks.shop.svc', 'other'], hello);
    const { ctx } = testContext();
    const dialer = dialerTo(server.port, ctx);
    const { certificate, key } = await pki.issue(['client']);
    const service = { namespace: 'shop', name: 'hooks', port: 443 };
    const trusts = [
      { caBundle: pki.ca },
      { caBundle: pki.ca, serverName: 'other' },
      { caBundle: pki.ca, clientCertificate: { certificate, key } },
      { insecureSkipVerify: true },
    ];
    for (const security of [...trusts, ...trusts])
      expect(await answered(await dialer.toService({ ...service, security }), ctx)).toBe('hello');
    await expect(dialer.toService({ ...service, security: {} }).then((to) => answered(to, ctx))).rejects.toThrow(
      'x509',
    );
    expect(server.accepted).toHaveLength(trusts.length + 1);
  });

  test('by as many calls as follow each other, and no longer than its dialer lives', async () => {
    const server = await plainly(hello);
    const { ctx, end } = testContext();
    const dialer = dialerTo(server.port, ctx);
    for (let n = 0; n < 10; n++) await answered(await dialer.toPort(plain), ctx);
    expect(server.accepted).toHaveLength(1);
    const gone = closed(server, 1);
    end.abort();
    await gone;
  });
});

test.each([
  ['each endpoint', 40, 1, 32],
  ['all of them', 20, 15, 256],
])('of %s only so many are kept', async (_which, each, hosts, most) => {
  const waiting: (() => void)[] = [];
  const all = each * hosts;
  const server = await plainly((_request, response) => {
    waiting.push(() => response.end('hello'));
    if (waiting.length === all) for (const answer of waiting) answer();
  });
  const { ctx } = testContext();
  const dialer = dialerTo(server.port, ctx);
  const answers = Array.from({ length: all }, async (_, n) =>
    answered(await dialer.toPort({ ...plain, host: `10.0.0.${1 + (n % hosts)}` }), ctx),
  );
  await once(server.server, 'request');
  while (server.accepted.length < all) await once(server.server, 'connection');
  const some = closed(server, all - most);
  await Promise.all([...answers, some]);
  expect(server.accepted.filter((socket) => !socket.destroyed)).toHaveLength(most);
});

describe('a kept connection that turns out to be closed', () => {
  /** Answers the first request of each connection; at the next it hangs up. */
  const onlyOnce: RequestListener = (request, response) => {
    const socket = request.socket as Socket & { asked?: boolean };
    if (socket.asked) return void socket.destroy();
    socket.asked = true;
    response.end('hello');
  };

  test.each(['GET', 'HEAD', 'OPTIONS'])('is replaced for a %s', async (method) => {
    const server = await plainly(onlyOnce);
    const { ctx } = testContext();
    const dialer = dialerTo(server.port, ctx);
    for (let n = 0; n < 5; n++) (await dial(await dialer.toPort(plain), { method, path: '/' }, ctx)).resume();
    expect(server.accepted.length).toBeGreaterThan(1);
  });

  test('is replaced for a call, which may come twice', async () => {
    const server = await securely(pki, ['hooks.shop.svc'], onlyOnce);
    const { ctx } = testContext();
    const dialer = dialerTo(server.port, ctx);
    const target = { service: { namespace: 'shop', name: 'hooks', port: 443 }, caBundle: pki.ca };
    for (let n = 0; n < 5; n++) {
      const { body } = await dialer.call(target, { method: 'POST', body: '{}', timeout: 1000 }, ctx);
      expect(String(body)).toBe('hello');
    }
  });

  test('is told where what was sent may have been done', async () => {
    const server = await plainly(onlyOnce);
    const { ctx } = testContext();
    const dialer = dialerTo(server.port, ctx);
    const post = { method: 'POST', path: '/', body: Buffer.from('x') };
    await text(await dial(await dialer.toPort(plain), post, ctx));
    await expect(dial(await dialer.toPort(plain), post, ctx)).rejects.toMatchObject({ fault: 'broken' });
  });

  test('is replaced for an upgrade', async () => {
    const server = await plainly(hello);
    server.server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      if (request.socket === server.accepted[0]) return void socket.destroy();
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nupgraded');
    });
    const { ctx } = testContext();
    const connection = await dialerTo(server.port, ctx).toPort(plain);
    await answered(connection, ctx);
    const { socket } = await upgrade(connection, { ...get, headers: { connection: 'Upgrade', upgrade: 'x' } }, ctx);
    expect(await text(socket!)).toBe('upgraded');
  });
});

describe('through a tunnel', () => {
  test('connections are opened by it, below TLS', async () => {
    const server = await securely(pki, ['hooks.shop.svc'], hello);
    const { ctx } = testContext();
    const tunnel = connect(server.port, '127.0.0.1');
    await once(tunnel, 'connect');
    const dialer = dialerTo(0, ctx, { open: () => tunnel });
    const service = { namespace: 'shop', name: 'hooks', port: 443 };
    expect(await answered(await dialer.toService({ ...service, security: { caBundle: pki.ca } }), ctx)).toBe('hello');
  });

  test('nobody is waited for longer than elsewhere', async () => {
    const { ctx, clock } = testContext();
    const open = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    const dialer = dialerTo(0, ctx, { open });
    const answer = dial(await dialer.toPort({ host: '10.0.0.1', port: 443, security: 'unverified' }), get, ctx);
    const late = expect(answer).rejects.toMatchObject({ fault: 'timeout', message: 'net/http: TLS handshake timeout' });
    const began = clock.monotonic();
    await clock.passUntil(late);
    expect(clock.monotonic() - began).toBe(10_000);
  });
});
