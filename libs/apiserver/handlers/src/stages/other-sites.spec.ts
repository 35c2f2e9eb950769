import type { ApiRequest } from '@kubernest/apiserver/contract';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const host = '192.0.2.1:6443';
const evil = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };

test.each<[string, Record<string, string>, boolean]>([
  ['a program', {}, true],
  ['a page of another site', evil, false],
  ['a page of another site that says who it is', { ...evil, authorization: 'Bearer x' }, true],
  ['a sandboxed page', { 'sec-fetch-site': 'cross-site', origin: 'null' }, false],
  ['another site’s page in an old browser', { origin: 'https://evil.example' }, false],
  ['a sandboxed page in an old browser', { origin: 'null' }, false],
  ['another name of the same site', { 'sec-fetch-site': 'same-site', origin: 'https://evil.192.0.2.1' }, false],
  ['a name that only begins so', { origin: 'https://localhost.evil.example' }, false],
  ['a number that only begins so', { origin: 'https://127.0.0.1.evil.example' }, false],
  ['somebody’s address bar', { 'sec-fetch-site': 'none' }, true],
  [
    'a dashboard through kubectl proxy, which writes another host',
    { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8001' },
    true,
  ],
  ['its WebSocket, of which not every browser says the site', { origin: 'http://localhost:8001' }, true],
  ['the same over IPv6', { origin: 'http://[::1]:8001' }, true],
  ['a page of this address', { origin: `https://${host}` }, true],
  [
    'a page through a proxy that tells its host',
    { origin: 'https://kube.example', 'x-forwarded-host': 'kube.example' },
    true,
  ],
])('%s %j is let in to write and to connect: %s', async (_, headers, isIn) => {
  await using api = await testServer();
  const ask = async (line: string, more: Partial<ApiRequest> = {}) => {
    const request = { ...requestFor(line, { metadata: { name: 'a' } }, { host, ...headers }), ...more };
    const answer = await api.server.handle(request, api.ctx);
    if (answer.kind !== 'bytes') return answer.kind;
    return answer.status === 403 ? Buffer.concat(answer.body).toString() : answer.status;
  };
  const refused = expect.stringMatching(/forbidden: (this [A-Z]+|a connection) was asked for by a page of/);
  const upgrade = {} as ApiRequest['upgrade'];
  const told = [
    await ask(`POST ${maps}`),
    await ask(`PUT ${maps}/a`),
    await ask(`DELETE ${maps}/a`),
    await ask(`GET ${maps}?watch=1`, { upgrade }),
    await ask(`GET ${maps}`),
  ];
  expect(told).toEqual(isIn ? [201, 200, 200, 'watch', 200] : [refused, refused, refused, refused, 200]);
});

test('what comes from within the process is its own', async () => {
  await using api = await testServer();
  const user = { username: 'ann', groups: [] };
  const request = requestFor(`POST ${maps}`, { metadata: { name: 'a' } }, evil, user);
  expect(await api.server.handle(request, api.ctx)).toMatchObject({ status: 201 });
});
