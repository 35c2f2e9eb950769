import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
  await api.call('POST /api/v1/namespaces/one/configmaps', { metadata: { name: 'a' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const cbor = 'application/cbor';
const collection = '/api/v1/namespaces/one/configmaps';
const reads = [
  collection,
  `${collection}/a`,
  `${collection}?watch=1`,
  '/apis',
  '/api/v1',
  '/apis/apps',
  '/openapi/v3/api/v1',
];

test.each([
  ...reads.map((path) => [path, cbor]),
  [collection, `${cbor};as=Table;v=v1;g=meta.k8s.io`],
  ['/apis', `${cbor};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`],
  [`${collection}?watch=1`, 'application/cbor-seq'],
])('%s is not given as %s: 406 says what is', async (path, accept) => {
  const { status, text } = await api.call(`GET ${path}`, undefined, { accept });
  expect(status).toBe(406);
  expect(text).not.toContain('cbor');
});

test.each(reads.filter((path) => !path.includes('watch')))('%s is given as the next best thing', async (path) => {
  const { status, headers } = await api.call(`GET ${path}`, undefined, { accept: `${cbor}, application/json;q=0.9` });
  expect([status, headers['content-type']]).toEqual([200, 'application/json']);
});

test.each([
  [`POST ${collection}`, cbor],
  [`PUT ${collection}/a`, cbor],
  [`DELETE ${collection}/a`, cbor],
  [`PATCH ${collection}/a?fieldManager=m`, 'application/apply-patch+cbor'],
])('%s is not taken as %s: 415', async (line, type) => {
  const { status, object } = await api.call(line, Buffer.from([0xa0]), { 'content-type': type });
  expect([status, object.reason]).toEqual([415, 'UnsupportedMediaType']);
  expect(object.message).not.toContain('cbor');
});

test('no document mentions it', async () => {
  for (const path of ['/openapi/v2', '/openapi/v3/api/v1', '/openapi/v3/apis/apps/v1', '/apis', '/api/v1'])
    expect((await api.call(`GET ${path}`)).text).not.toContain('cbor');
});
