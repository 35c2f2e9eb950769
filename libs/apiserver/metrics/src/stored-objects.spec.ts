import type { BytesResponse } from '@kubernest/apiserver/contract';
import { Metrics } from '@kubernest/kit';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';
import { apiServerMetrics } from './api-server-metrics.ts';

const head = '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"","name":"torn"}';

test('objects are counted without a look at what is in them', async () => {
  await using api = await testServer();
  const { store, ctx, clock, server } = api;
  await api.call('POST /api/v1/namespaces/default/configmaps', { metadata: { name: 'whole' } });
  const value = Buffer.from(`${head},"data":{`);
  const key = '/registry/core/configmaps/default/torn';
  const written = await store.commit({ conditions: [{ key, revision: 0 }], writes: [{ op: 'put', key, value }] }, ctx);
  expect(written.ok).toBe(true);
  const { read } = server.core;
  const ref = { group: '', resource: 'configmaps' };
  while (read.count(ref) < 2) await new Promise(setImmediate);
  // Whoever decodes it finds that it cannot be decoded.
  expect(() => read.list(ref)).toThrow(SyntaxError);
  const metrics = apiServerMetrics({ serving: server.catalog, clock, process: new Metrics() });
  const answer = await metrics.documents(server.core)['/metrics']!(requestFor('GET /metrics'), ctx);
  const text = Buffer.concat((answer as BytesResponse).body).toString();
  expect(text).toContain('apiserver_storage_objects{resource="configmaps"} 2\n');
});
