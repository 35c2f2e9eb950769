import type { RequestListener } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { messageOf } from '@kubernest/kit';
import { beforeAll, expect, test } from 'vitest';
import { apiService, backendServer, front, StoredApiServices, type Trusted, trusted } from '../aggregated.fixture.ts';
import { checkBackend } from './check-backend.ts';

let trust: Trusted;
beforeAll(async () => {
  trust = await trusted();
});

const url = 'https://hooks.shop.svc:443/apis/orchard.example/v1';

/** `passed`, or why not. */
async function checked(listener: RequestListener, spec: object = {}) {
  const server = await backendServer(trust, listener);
  const { reach, ctx, clock } = await front(trust, server, new StoredApiServices());
  const result = checkBackend(apiService(trust.pki, spec), reach, ctx).then(() => 'passed', messageOf);
  return { result, clock };
}

test('asks for the group-version as the aggregator, by the front proxy’s certificate', async () => {
  const heard: unknown[] = [];
  const { result } = await checked(({ method, url, headers, socket }, response) => {
    const by = (socket as TLSSocket).getPeerCertificate().subject?.CN;
    heard.push([method, url, headers['x-remote-user'], headers['x-remote-group'], by]);
    response.end('{}');
  });
  expect(await result).toBe('passed');
  expect(heard).toEqual([
    ['GET', '/apis/orchard.example/v1', 'system:kube-aggregator', 'system:masters', 'front-proxy-client'],
  ]);
});

test.each<[string, number, string]>([
  ['refuses', 403, `failing or missing response from ${url}: bad status from ${url}: 403`],
  ['sends elsewhere', 302, `failing or missing response from ${url}: bad status from ${url}: 302`],
])('a server that %s does not pass', async (_, status, words) => {
  const { result } = await checked((_request, response) => {
    response.writeHead(status, { location: '/' }).end();
  });
  expect(await result).toBe(words);
});

test('a server that closes, or is another one, does not pass', async () => {
  const closes = await checked((request) => request.destroy());
  expect(await closes.result).toMatch(`failing or missing response from ${url}: Get "${url}": `);
  const other = await checked((_request, response) => response.end('{}'), {
    caBundle: Buffer.from((await trusted()).pki.ca).toString('base64'),
  });
  expect(await other.result).toMatch(/tls: failed to verify certificate/);
});

test('one that hangs is waited for five seconds', async () => {
  const asked = Promise.withResolvers<void>();
  const { result, clock } = await checked(() => asked.resolve());
  await asked.promise;
  await clock.advance(5_000);
  expect(await result).toBe(`failing or missing response from ${url}: Get "${url}": context deadline exceeded`);
});

test('what nobody else may serve does not pass as somebody’s', async () => {
  const { result } = await checked((_request, response) => response.end('{}'), { group: '' });
  expect(await result).toMatch('serves the group-version itself');
});
