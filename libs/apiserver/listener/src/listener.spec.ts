import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { type CertifiedKey, issueAuthority, issueCertificate } from '@kubernest/pki';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Listener, ListenerOptions } from './create-listener.ts';
import { type TlsListener, tlsListener } from './tls-listener.fixture.ts';

const controller = new AbortController();
const ctx: Context = { signal: controller.signal, clock: systemClock, log: silentLogger };
let api: TestServer;
let ca: CertifiedKey;
let strangers: CertifiedKey;
let admin: CertifiedKey;
let listening: TlsListener;
let listener: Listener;
let port: number;

beforeAll(async () => {
  ca = await issueAuthority('test', ctx);
  strangers = await issueAuthority('strangers', ctx);
  admin = await issueCertificate(ca, { commonName: 'ann', organizations: ['devs', 'ops'], usage: 'client' }, ctx);
  api = await testServer({
    authenticators: () => [
      {
        name: 'certificate',
        authenticate: ({ peer }) =>
          peer.certificate && { username: peer.certificate.commonName, groups: peer.certificate.organizations },
      },
    ],
    authorizers: () => [
      {
        name: 'devs',
        authorize: ({ user }) => ({
          verdict: user.groups.includes('devs') && user.groups.includes('ops') ? 'allow' : 'no-opinion',
          reason: '',
        }),
      },
    ],
  });
  const beside = {
    path: '/ui',
    onRequest: (_request, response) => response.end('beside'),
    upgradePath: '/ui/socket/',
    onUpgrade: (_request, socket) => socket.end('HTTP/1.1 418 beside\r\ncontent-length: 0\r\n\r\n'),
  } satisfies ListenerOptions['beside'];
  listening = await tlsListener(ca, { handler: api.server, beside }, ctx);
  listener = listening.listener;
  port = listening.at.port;
});

afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  controller.abort();
});

interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly as?: CertifiedKey;
}

const identity = (as: CertifiedKey | undefined) => (as ? { key: as.key, cert: as.certificate } : {});

async function open(path: string, { method = 'GET', body, headers, as = admin }: Call = {}): Promise<IncomingMessage> {
  const request = httpsRequest({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers,
    ca: ca.certificate,
    agent: new Agent(),
    ...identity(as),
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function fetchAll(
  path: string,
  call?: Call,
): Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }> {
  const response = await open(path, call);
  let text = '';
  for await (const part of response) text += part;
  return { status: response.statusCode ?? 0, text, headers: response.headers };
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};
const maps = '/api/v1/namespaces/default/configmaps';

describe('over TLS', () => {
  test('an object goes in and comes out, byte for byte the same', async () => {
    const made = await fetchAll(maps, {
      method: 'POST',
      body: JSON.stringify({ metadata: { name: 'a' }, data: { x: 'ü' } }),
    });
    expect(made.status).toBe(201);
    const read = await fetchAll(`${maps}/a`);
    expect(read).toMatchObject({ status: 200, text: made.text });
    expect(Number(read.headers['content-length'])).toBe(Buffer.byteLength(read.text));
  });

  test('a HEAD is told of the body that it gets not', async () => {
    const read = await fetchAll('/version');
    expect(await fetchAll('/version', { method: 'HEAD' })).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': read.headers['content-length'] },
    });
    expect(await fetchAll(`${maps}/a`, { method: 'HEAD' })).toMatchObject({ status: 405, text: '' });
  });

  test('a watch streams events as they come', async () => {
    const response = await open(`${maps}?watch=1`);
    const lines = linesOf(response);
    await fetchAll(maps, { method: 'POST', body: JSON.stringify({ metadata: { name: 'w' } }) });
    for (;;) {
      const { value } = await lines.next();
      const event = JSON.parse(value as string);
      if (event.object.metadata.name === 'w') {
        expect(event.type).toBe('ADDED');
        break;
      }
    }
    response.destroy();
  });

  test('only a certificate that our authority signed says who somebody is', async () => {
    const foreign = await issueCertificate(
      strangers,
      { commonName: 'ann', organizations: ['devs', 'ops'], usage: 'client' },
      ctx,
    );
    expect(JSON.parse((await fetchAll(maps, { as: foreign })).text)).toMatchObject({
      code: 403,
      message:
        'configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the namespace "default"',
    });
  });

  test('a body above 3 MiB is refused with 413', async () => {
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { x: 'x'.repeat(3 * 1024 * 1024) } });
    expect(JSON.parse((await fetchAll(maps, { method: 'POST', body })).text)).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
    });
  });

  test('a header that is sent several times has several values, and a comma in one is part of it', async () => {
    const asBob = (groups: string | string[]) =>
      fetchAll(maps, { headers: { 'impersonate-user': 'bob', 'impersonate-group': groups } });
    expect((await asBob(['devs', 'ops'])).status).toBe(200);
    expect(JSON.parse((await asBob('devs, ops')).text)).toMatchObject({
      code: 403,
      message: expect.stringContaining('User "bob" cannot list'),
    });
  });

  const text404 = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  test.each([
    '/nothing',
    '/uix',
    '/ui%2f',
    '//ui',
    '/apis/none.example',
    '/apis/none.example/v1/things/x',
    '/healthz/no',
  ])("%s is nobody's: a text for those who may look, a Status for strangers", async (path) => {
    expect(await fetchAll(path)).toMatchObject({ status: 404, text: '404 page not found\n', headers: text404 });
    const refused = await fetchAll(path, { as: strangers });
    expect(JSON.parse(refused.text)).toMatchObject({ kind: 'Status', code: 403, reason: 'Forbidden' });
    const upgraded = await fetchAll(path, { headers: upgrade, as: strangers });
    expect(JSON.parse(upgraded.text)).toMatchObject({ kind: 'Status', code: 403 });
  });

  test.each(['/ui', '/ui/', '/ui?x', '/ui/a/b?c'])('%s is served beside the API', async (path) => {
    expect((await fetchAll(path, { as: strangers })).text).toBe('beside');
  });

  test('an upgrade beside the API has one path', async () => {
    expect((await fetchAll('/ui/socket/?x', { headers: upgrade })).status).toBe(418);
    expect((await fetchAll('/ui/other', { headers: upgrade })).status).toBe(404);
  });

  test.each(['/apis', '/apis/', '/'])("%s is the API's", async (path) => {
    expect(await fetchAll(path)).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  });

  test('a client that closes its half of the connection still gets its answer', async () => {
    const socket = tlsConnect({ host: '127.0.0.1', port, ca: ca.certificate, ...identity(admin) } as never);
    await once(socket, 'secureConnect');
    socket.end(`GET ${maps}/a HTTP/1.1\r\nhost: x\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toContain('200 OK');
    expect(text).toContain('"name":"a"');
  });

  test('an upgrade that is refused gets an ordinary answer', async () => {
    expect(
      JSON.parse((await fetchAll('/api/v1/namespaces/default/pods/p/nothing', { headers: upgrade })).text),
    ).toMatchObject({
      code: 404,
    });
  });
});

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const part of response) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

test('whatever one connection carries in turn leaves no listener on it', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: ca.certificate, ...identity(admin) });
  const sockets = new Set<Socket>();
  const onRequest = ({ socket }: IncomingMessage) => void sockets.add(socket);
  listener.server.on('request', onRequest);
  const ask = async (path: string, method = 'GET', body?: string) => {
    const request = httpsRequest({ host: '127.0.0.1', port, path, method, agent });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
  };
  const round = async (n: number) => {
    await ask(`${maps}?watch=1&timeoutSeconds=1&resourceVersion=1&allowWatchBookmarks=true&n=${n}`);
    await ask(maps, 'POST', JSON.stringify({ metadata: { name: `turn-${n}` } }));
    await ask(maps, 'POST', '{"');
    await ask(`${maps}/turn-${n}`, 'PUT', 'x'.repeat(4 * 1024 * 1024));
    await ask(`${maps}/turn-${n}`);
  };
  const listeners = () =>
    [...sockets].map((socket) => socket.eventNames().map((name) => `${String(name)} ${socket.listenerCount(name)}`));
  await round(0);
  const before = listeners();
  await round(1);
  expect(listeners()).toEqual(before);
  expect(sockets.size).toBe(1);
  listener.server.off('request', onRequest);
  agent.destroy();
});

describe('a renewed certificate', () => {
  test('serves new connections and leaves open ones alone', async () => {
    const served = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber;
    const dial = async () => {
      const socket = tlsConnect({
        port,
        host: '127.0.0.1',
        ca: ca.certificate,
        cert: admin.certificate,
        key: admin.key,
      });
      await once(socket, 'secureConnect');
      return socket;
    };
    const before = await dial();
    const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
    const renewed = await issueCertificate(ca, { commonName: 'api', ...names, usage: 'server' }, ctx);
    listener.renew({ key: renewed.key, cert: renewed.certificate });
    const after = await dial();
    expect(served(after)).toBe(new X509Certificate(renewed.certificate).serialNumber);
    expect(served(before)).not.toBe(served(after));
    for (const socket of [before, after]) {
      socket.write('GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      expect(text).toMatch(/^HTTP\/1.1 200/);
    }
  });
});
