import { type TestServer, testServer } from '@kubernest/apiserver/engine/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';
const older = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';

test.each([
  ['', 200],
  ['*/*', 200],
  ['application/json', 200],
  ['application/*', 200],
  ['*/json', 200],
  ['application/json;charset=utf-8', 200],
  [`${protobuf}, application/json;q=0.1`, 200],
  [protobuf, 406],
  [older, 406],
  [`${protobuf},${older}`, 406],
  ['text/html', 406],
  ['application/yaml', 406],
])('a version’s document for who accepts %j: %d', async (accept, status) => {
  const answer = await api.call('GET /openapi/v3/apis/apps/v1', undefined, { accept });
  expect(answer.status).toBe(status);
  if (status === 200)
    expect([answer.headers['content-type'], answer.object.openapi]).toEqual(['application/json', '3.0.0']);
  else expect(answer.text).toBe('');
});

test('where there is none, none is refused', async () => {
  expect((await api.call('GET /openapi/v3/apis/none.example/v1', undefined, { accept: protobuf })).status).toBe(404);
});
