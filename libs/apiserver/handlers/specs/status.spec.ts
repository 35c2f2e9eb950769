import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } };
const workload = { selector: { matchLabels: { app: 'a' } }, template };
const sent = { phase: 'Running', replicas: 7, podIP: '192.0.2.1', loadBalancer: { ingress: [{ ip: '192.0.2.2' }] } };

test.each([
  ['/api/v1/namespaces/one/pods', template.spec, { phase: 'Pending', qosClass: 'BestEffort' }],
  ['/api/v1/namespaces', undefined, { phase: 'Active' }],
  ['/api/v1/namespaces/one/services', { ports: [{ port: 80 }] }, { loadBalancer: {} }],
  ['/apis/apps/v1/namespaces/one/deployments', workload, {}],
  ['/apis/apps/v1/namespaces/one/replicasets', workload, { replicas: 0 }],
])('what is created at %s begins with the status of its kind, not with the one sent', async (url, spec, status) => {
  const { object } = await api.call(`POST ${url}`, { metadata: { name: 'begins' }, spec, status: sent });
  expect(object.status).toEqual(status);
  const owned = object.metadata.managedFields.flatMap((entry: { fieldsV1: object }) => Object.keys(entry.fieldsV1));
  expect(owned).not.toContain('f:status');
});

test('a node is created with the status it sends, what it can give away filled in', async () => {
  const { object } = await api.call('POST /api/v1/nodes', {
    metadata: { name: 'n' },
    status: { capacity: { cpu: '2' }, addresses: [{ type: 'InternalIP', address: '192.0.2.9' }] },
  });
  expect(object.status).toMatchObject({
    capacity: { cpu: '2' },
    allocatable: { cpu: '2' },
    addresses: [{ address: '192.0.2.9' }],
  });
});

test('what is told of a request says whether it was refused before it was looked up', async () => {
  const told: string[] = [];
  await using api = await testServer({
    audit: ({ info, code, routed }) => told.push(`${info.path} ${code} ${routed}`),
  });
  const path = '/api/v1/namespaces/default/configmaps/a';
  await api.call(`GET ${path}`);
  await api.call(`GET ${path}`, undefined, { 'x-user': 'eve' });
  await api.call(`GET ${path}`, undefined, { 'impersonate-group': 'nobodys' });
  expect(told).toEqual([`${path} 404 true`, `${path} 403 false`, `${path} 400 false`]);
});
