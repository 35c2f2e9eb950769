import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import {
  dialerTo,
  type Pki,
  plainly,
  type Serving,
  securely,
  testContext,
  testPki,
} from '@kubernest/apiserver/dialer/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallRequest, CallTarget } from './contract.ts';
import { DialError } from './dial-error.ts';

let pki: Pki;
let strangers: Pki;
beforeAll(async () => {
  [pki, strangers] = await Promise.all([testPki(), testPki()]);
});

const service = { namespace: 'shop', name: 'hooks', port: 443 };
const post: CallRequest = { method: 'POST', path: '/check?timeout=10s', body: '{}', timeout: 10_000 };
const what = 'Post "https://hooks.shop.svc:443/check?timeout=10s": ';
const byName = (listener: RequestListener) => securely(pki, ['hooks.shop.svc'], listener);
const silent: RequestListener = () => {};

/** Calls the Service, whose endpoint is that server. */
const called = ({ port }: Pick<Serving, 'port'>, request: Partial<CallRequest> = {}, to: Partial<CallTarget> = {}) => {
  const { ctx, clock, end } = testContext();
  const dialer = dialerTo(port, ctx);
  const target: CallTarget = { service, caBundle: pki.ca, ...to };
  return { ctx, clock, end, dialer, answer: dialer.call(target, { ...post, ...request }, ctx) };
};
const failsWith = (answer: Promise<unknown>, fault: string, message: string) =>
  expect(answer).rejects.toMatchObject({ name: 'DialError', fault, message: what + message });

test('a Service is called at its endpoint, by its name', async () => {
  const { dialer, answer } = called(
    await byName(async (request, response) => {
      const { method, url, headers } = request;
      const seen = [method, url, headers.host, headers['content-type'], headers['content-length'], await text(request)];
      response.writeHead(201, { 'x-a': ['1', '2'] }).end(JSON.stringify(seen));
    }),
    { headers: { 'content-type': 'application/json' } },
  );
  const { status, headers, body } = await answer;
  expect(JSON.parse(String(body))).toEqual([
    ...['POST', '/check?timeout=10s', 'hooks.shop.svc:443', 'application/json', '2', '{}'],
  ]);
  expect([status, headers['x-a'], dialer.dialled]).toEqual([201, '1, 2', ['10.0.0.1:8443']]);
});

test.each([
  ['https://any.example/a?b=c', undefined, '/a?b=c', 'any.example', 'any.example:443'],
  ['https://any.example:8443', '/x', '/x', 'any.example:8443', 'any.example:8443'],
])('the URL %s is called with path %s', async (url, path, seen, host, dialled) => {
  const server = await securely(pki, ['any.example'], (request, response) =>
    response.end(JSON.stringify([request.url, request.headers.host])),
  );
  const { ctx } = testContext();
  const dialer = dialerTo(server.port, ctx);
  const { body } = await dialer.call({ url, caBundle: pki.ca }, { method: 'GET', path, timeout: 1000 }, ctx);
  expect([JSON.parse(String(body)), dialer.dialled]).toEqual([[seen, host], [dialled]]);
});

test('a URL may be of this machine', async () => {
  const server = await plainly((_request, response) => void response.end('here'));
  const { ctx } = testContext();
  const dialer = dialerTo(0, ctx, { open: undefined });
  const { body } = await dialer.call({ url: `http://127.0.0.1:${server.port}` }, { method: 'GET', timeout: 1000 }, ctx);
  expect(String(body)).toBe('here');
});

test('a client certificate is shown to who asks', async () => {
  const { certificate, key } = await pki.issue(['front-proxy'], 'client');
  const whoAsks: RequestListener = ({ socket }, response) =>
    response.end((socket as TLSSocket).getPeerCertificate().subject.CN);
  const server = await securely(pki, ['hooks.shop.svc'], whoAsks, { requestCert: true });
  const { answer } = called(server, {}, { clientCertificate: { certificate, key } });
  expect(String((await answer).body)).toBe('front-proxy');
});

describe('any answer is one:', () => {
  test.each([200, 302, 404, 500])('%d', async (code) => {
    const { answer } = called(
      await byName((_request, response) => {
        response.writeHead(code, { location: '/elsewhere' }).end('said');
      }),
    );
    expect(await answer).toMatchObject({
      status: code,
      body: Buffer.from('said'),
      headers: { location: '/elsewhere' },
    });
  });

  test('as large as it may be, and none that is larger', async () => {
    const server = await byName((_request, response) => void response.end('x'.repeat(1000)));
    expect((await called(server, { maxAnswerBytes: 1000 }).answer).body).toHaveLength(1000);
    await failsWith(called(server, { maxAnswerBytes: 999 }).answer, 'too-large', 'the answer is larger than 999 bytes');
  });

  test('but for one without an end', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await byName((_request, response) => {
      closed = once(response, 'close');
      const more = (): void =>
        void (response.write('x'.repeat(65536)) ? setImmediate(more) : response.once('drain', more));
      more();
    });
    await failsWith(called(server).answer, 'too-large', 'the answer is larger than 3145728 bytes');
    await closed;
  });
});

describe('what goes wrong is named:', () => {
  test('nobody is there', async () => {
    await failsWith(called({ port: 1 }).answer, 'refused', 'dial tcp 10.0.0.1:8443: connect: connection refused');
  });

  const unknown = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  const another = 'tls: failed to verify certificate: x509: certificate is valid for hooks.shop.svc, not other';
  test.each<[string, () => Partial<CallTarget>, string | RegExp]>([
    ['nobody of the system’s knows it', () => ({ caBundle: undefined }), unknown],
    ['another authority does not know it', () => ({ caBundle: strangers.ca }), unknown],
    ['it has another name', () => ({ serverName: 'other' }), another],
    ['the bundle is none', () => ({ caBundle: '-----BEGIN CERTIFICATE-----' }), /^tls: /],
  ])('%s, unless it need not be known', async (_why, to, words) => {
    const server = await byName((_request, response) => void response.end());
    const error = (await called(server, {}, to()).answer.catch((thrown: unknown) => thrown)) as DialError;
    expect([error.fault, error.message.slice(0, what.length)]).toEqual(['tls', what]);
    expect(error.message.slice(what.length)).toMatch(words);
    const believing = { ...to(), caBundle: undefined, insecureSkipVerify: true };
    expect((await called(server, {}, believing).answer).status).toBe(200);
  });

  test('it speaks no TLS', async () => {
    await failsWith(called(await plainly(silent)).answer, 'tls', 'http: server gave HTTP response to HTTPS client');
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['it hangs up', (response) => response.destroy(), 'EOF'],
    [
      'in the middle of its answer',
      (response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half', () => response.destroy());
      },
      'unexpected EOF',
    ],
  ])('%s', async (_why, answered, message) => {
    await failsWith(called(await byName((_request, response) => answered(response))).answer, 'broken', message);
  });

  test.each<[string, RequestListener]>([
    ['it says nothing', silent],
    ['nor all of it', (_request, response) => void response.write('half')],
  ])('%s in time', async (_why, listener) => {
    const server = await byName(listener);
    const heard = once(server.server, 'request');
    const { answer, clock } = called(server);
    const failed = failsWith(answer, 'timeout', 'context deadline exceeded');
    await heard;
    await clock.advance(9_999);
    await clock.advance(1);
    await failed;
  });

  test('its name is looked up for ever', async () => {
    const { ctx, clock } = testContext();
    const external = { spec: { type: 'ExternalName', externalName: 'slow.example' } };
    const read = { get: () => external } as never;
    const dialer = dialerTo(1, ctx, { read, resolve: () => new Promise(() => {}) });
    const failed = failsWith(dialer.call({ service }, post, ctx), 'timeout', 'context deadline exceeded');
    await clock.advance(10_000);
    await failed;
  });

  test.each([
    ['services "gone" not found', 'gone', 443],
    ['no service port 444 found for service "hooks"', 'hooks', 444],
  ])('%s', async (message, name, port) => {
    const { ctx } = testContext();
    const answer = dialerTo(1, ctx).call({ service: { namespace: 'shop', name, port } }, post, ctx);
    const at = `Post "https://${name}.shop.svc:${port}/check?timeout=10s": `;
    await expect(answer).rejects.toMatchObject({ fault: 'unresolved', message: at + message });
  });

  test('its URL is none', async () => {
    const { ctx } = testContext();
    await expect(dialerTo(1, ctx).call({ url: 'nowhere' }, post, ctx)).rejects.toBeInstanceOf(DialError);
  });
});

test('who is aborted hears his own reason, and the other side that he has left', async () => {
  const server = await byName(silent);
  const asked = once(server.server, 'request') as Promise<[IncomingMessage]>;
  const { answer, end } = called(server);
  const refused = expect(answer).rejects.toThrow('not wanted any more');
  const [request] = await asked;
  const left = new Promise<void>((resolve) => request.once('close', resolve).once('error', () => {}));
  end.abort(new Error('not wanted any more'));
  await Promise.all([refused, left]);
});
