import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const json = 'application/json';
const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';
const older = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';

test.each([
  ['', json],
  ['*/*', json],
  [json, json],
  ['application/*', json],
  ['*/json', json],
  ['application/json;charset=utf-8', json],
  [`${json}, ${protobuf}`, json],
  [`${protobuf};q=0.1, */*;q=0.9`, json],
  [`*/*, ${protobuf}`, protobuf],
  [`${protobuf}, application/json;q=0.1`, protobuf],
  [protobuf, protobuf],
  [older, protobuf],
  [`${protobuf},${older}`, protobuf],
  [`text/html, ${protobuf}`, protobuf],
  ['text/html', undefined],
  ['application/yaml', undefined],
])('a document for who accepts %j is %s', async (accept, type) => {
  const answer = await api.call('GET /openapi/v3/apis/apps/v1', undefined, { accept });
  expect([answer.status, answer.headers['content-type']]).toEqual([type ? 200 : 406, type]);
  if (type === json) expect(answer.object.openapi).toBe('3.0.0');
  else expect(answer.text.includes('3.0.0')).toBe(type !== undefined);
  const swagger = await api.call('GET /openapi/v2', undefined, { accept: accept.replaceAll('spec.v3', 'spec.v2') });
  expect([swagger.status, swagger.headers['content-type']]).toEqual([
    type ? 200 : 406,
    type?.replace('spec.v3', 'spec.v2'),
  ]);
  if (type === json) expect(swagger.object.swagger).toBe('2.0');
  else expect(swagger.text.includes('2.0')).toBe(type !== undefined);
});

test('both forms have one name, under which they stay as they are; another leads there', async () => {
  const path = '/openapi/v3/apis/apps/v1';
  const { etag } = (await api.call(`GET ${path}`)).headers;
  const named = `${path}?hash=${etag!.replaceAll('"', '')}`;
  const inAYear = new Date(api.clock.now());
  inAYear.setUTCFullYear(inAYear.getUTCFullYear() + 1);
  const kept = { etag, 'cache-control': 'public, immutable', expires: inAYear.toUTCString() };
  expect((await api.call(`GET ${named}`)).headers).toMatchObject(kept);
  expect((await api.call(`GET ${named}`, undefined, { accept: protobuf })).headers).toMatchObject(kept);
  const known = await api.call(`GET ${named}`, undefined, { 'if-none-match': `"other", W/${etag}` });
  expect(known).toMatchObject({ status: 304, text: '', headers: kept });
  expect(await api.call(`GET ${path}?hash=F00`)).toMatchObject({ status: 301, headers: { location: named } });
});

test('where there is none, none is refused', async () => {
  expect((await api.call('GET /openapi/v3/apis/none.example/v1', undefined, { accept: protobuf })).status).toBe(404);
});

test('/version names the versions that it is as good as', async () => {
  expect((await api.call('GET /version')).object).toMatchObject({
    emulationMajor: '1',
    emulationMinor: '36',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '35',
  });
});
