import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
  for (const namespace of ['default', 'other'])
    await api.call(`POST /api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: 'a' } });
});
afterAll(() => api[Symbol.asyncDispose]());

test.each(['/api/v1/namespaces//configmaps', '/api/v1/configmaps//', '/api/v1/namespaces//configmaps/'])(
  'no namespace is all of them: %s',
  async (path) => {
    const { status, object } = await api.call(`GET ${path}`);
    expect([status, object.items.length]).toEqual([200, 2]);
  },
);

test.each([
  '//api',
  '//apis',
  '/api//v1',
  '/apis//v1',
  '//api/v1/configmaps',
  '/apis//v1/configmaps',
  '/api/v1//configmaps',
  '/api/v1/namespaces///configmaps',
  '/api/v1//namespaces/default/configmaps/a',
  '/api/v1/namespaces/default/configmaps//a',
  '//version',
  '//healthz',
  '//openapi/v2',
])('where a name is missing nothing is served: %s', async (path) => {
  expect((await api.call(`GET ${path}`)).status).toBe(404);
});
