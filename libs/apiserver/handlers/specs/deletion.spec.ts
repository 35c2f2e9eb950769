import { testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const merge = { 'content-type': 'application/merge-patch+json' };
const pod = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };

test('a finalizer keeps an object until it is taken away', async () => {
  await using api = await testServer();
  await api.call(`POST ${maps}`, { metadata: { name: 'm', finalizers: ['example.test/hold'] } });
  const marked = await api.call(`DELETE ${maps}/m`);
  expect(marked.object.metadata).toMatchObject({
    deletionTimestamp: '2026-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 0,
  });
  const more = await api.call(`PATCH ${maps}/m`, { metadata: { finalizers: ['example.test/hold', 'b/c'] } }, merge);
  expect(more.object).toMatchObject({ code: 422, message: expect.stringContaining('no new finalizers can be added') });
  expect((await api.call(`PATCH ${maps}/m`, { metadata: { finalizers: null } }, merge)).status).toBe(200);
  expect((await api.call(`GET ${maps}/m`)).status).toBe(404);
});

test.each([
  ['Foreground', ['foregroundDeletion']],
  ['Orphan', ['orphan']],
])('propagation %s leaves the object to the garbage collector', async (propagationPolicy, finalizers) => {
  await using api = await testServer();
  await api.call(`POST ${maps}`, { metadata: { name: 'm' } });
  const { object } = await api.call(`DELETE ${maps}/m`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy });
  expect(object.metadata.finalizers).toEqual(finalizers);
});

test('a running pod is given its time, a shorter time wins, and grace 0 removes it', async () => {
  await using api = await testServer();
  expect((await api.call(`POST ${pods}`, pod)).status).toBe(201);
  const first = await api.call(`DELETE ${pods}/p`);
  expect(first.object.metadata).toMatchObject({
    deletionGracePeriodSeconds: 30,
    deletionTimestamp: '2026-01-01T00:00:30Z',
  });
  const longer = await api.call(`DELETE ${pods}/p?gracePeriodSeconds=60`);
  expect(longer.object.metadata.resourceVersion).toBe(first.object.metadata.resourceVersion);
  const shorter = await api.call(`DELETE ${pods}/p?gracePeriodSeconds=5`);
  expect(shorter.object.metadata).toMatchObject({
    deletionGracePeriodSeconds: 5,
    deletionTimestamp: '2026-01-01T00:00:05Z',
  });
  expect((await api.call(`DELETE ${pods}/p?gracePeriodSeconds=0`)).object.kind).toBe('Pod');
  expect((await api.call(`GET ${pods}/p`)).status).toBe(404);
});

test.each(['v1', 'meta.k8s.io/v1', 'apps/v1'])('delete options may be of version %s', async (apiVersion) => {
  await using api = await testServer();
  await api.call(`POST ${maps}`, { metadata: { name: 'm' } });
  const { object } = await api.call(`DELETE ${maps}/m`, { kind: 'DeleteOptions', apiVersion });
  expect(object).toMatchObject({ status: 'Success' });
});

test('preconditions that do not hold are a conflict', async () => {
  await using api = await testServer();
  await api.call(`POST ${maps}`, { metadata: { name: 'm' } });
  const { object } = await api.call(`DELETE ${maps}/m`, { preconditions: { uid: 'other' } });
  expect(object).toMatchObject({
    code: 409,
    message: expect.stringContaining('the UID in the precondition (other) does not match'),
  });
  expect((await api.call(`GET ${maps}/m`)).status).toBe(200);
});

test('a collection is deleted by its selector, and by nobody on a dry run', async () => {
  await using api = await testServer();
  for (const [name, app] of [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
  ])
    await api.call(`POST ${maps}`, { metadata: { name, labels: { app } } });
  await api.call(`DELETE ${maps}?labelSelector=app%3Dx&dryRun=All`);
  expect((await api.call(`GET ${maps}`)).object.items).toHaveLength(3);
  await api.call(`DELETE ${maps}?labelSelector=app%3Dx`);
  expect((await api.call(`GET ${maps}`)).object.items).toHaveLength(1);
});

test('status and the rest are written apart, and only the rest counts a generation', async () => {
  await using api = await testServer();
  const url = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const made = await api.call(`POST ${url}`, {
    metadata: { name: 'd' },
    spec: { selector: { matchLabels: { a: 'b' } }, template },
  });
  expect(made.object.metadata.generation).toBe(1);
  const status = await api.call(`PATCH ${url}/d/status`, { status: { replicas: 7 }, spec: { replicas: 9 } }, merge);
  expect(status.object).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 7 } });
  const marked = { metadata: { annotations: { seen: 'yes' }, ownerReferences: [] } };
  expect((await api.call(`PATCH ${url}/d/status`, marked, merge)).object).toMatchObject({
    metadata: { generation: 1, annotations: { seen: 'yes' } },
    status: { replicas: 7 },
  });
  const spec = await api.call(`PATCH ${url}/d`, { status: { replicas: 1 }, spec: { replicas: 2 } }, merge);
  expect(spec.object).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 7 } });
});

test('apply creates, changes, and names whoever else owns a field', async () => {
  await using api = await testServer();
  const yaml = { 'content-type': 'application/apply-patch+yaml' };
  const body = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  a: "${value}"\n`;
  expect((await api.call(`PATCH ${maps}/m?fieldManager=one`, body('1'), yaml)).status).toBe(201);
  expect((await api.call(`PATCH ${maps}/m?fieldManager=one`, body('2'), yaml)).object.data).toEqual({ a: '2' });
  const refused = await api.call(`PATCH ${maps}/m?fieldManager=two`, body('3'), yaml);
  expect(refused.object).toMatchObject({
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
  });
  expect((await api.call(`PATCH ${maps}/m?fieldManager=two&force=true`, body('3'), yaml)).object.data).toEqual({
    a: '3',
  });
});

test('an unknown field is a warning, an error when asked, and nothing when ignored', async () => {
  await using api = await testServer();
  const body = { metadata: { name: 'm' }, bogus: 1 };
  expect((await api.call(`POST ${maps}?dryRun=All&fieldValidation=Strict`, body)).object).toMatchObject({
    code: 400,
    message: expect.stringContaining('strict decoding error: unknown field "bogus"'),
  });
  expect((await api.call(`POST ${maps}?dryRun=All`, body)).headers['warning']).toBe(
    '299 - "unknown field \\"bogus\\""',
  );
  expect((await api.call(`POST ${maps}?dryRun=All&fieldValidation=Ignore`, body)).headers).not.toHaveProperty(
    'warning',
  );
});

test.each([
  ['GET /api/v9', 404, 'the server could not find the requested resource'],
  ['GET /apis/apps/v9', 404, 'the server could not find the requested resource'],
  ['GET /apis/apps/v9/deployments', 404, 'the server could not find the requested resource'],
  ['GET /api/v1/namespaces/default/nothings', 404, 'the server could not find the requested resource'],
  ['POST /api/v1/configmaps', 405, 'the server does not allow this method on the requested resource'],
  ['DELETE /api/v1/namespaces', 405, 'the server does not allow this method on the requested resource'],
])('%s is answered by %i', async (line, code, message) => {
  await using api = await testServer();
  expect((await api.call(line)).object).toMatchObject({ code, message });
});

test('a user is refused, and may not become another, in the words of Kubernetes', async () => {
  await using api = await testServer();
  expect((await api.call(`GET ${maps}`, undefined, { 'x-user': 'eve' })).object.message).toBe(
    'configmaps is forbidden: User "eve" cannot list resource "configmaps" in API group "" in the namespace "default"',
  );
  const asEve = await api.call(`GET ${maps}`, undefined, { 'impersonate-user': 'eve' });
  expect(asEve.object.message).toContain('User "eve" cannot list');
  const byEve = await api.call(`GET ${maps}`, undefined, { 'x-user': 'eve', 'impersonate-user': 'ann' });
  expect(byEve.object.message).toBe(
    'configmaps is forbidden: User "eve" cannot impersonate-on:user-info:list resource "configmaps" in API group "" in the namespace "default"',
  );
});
