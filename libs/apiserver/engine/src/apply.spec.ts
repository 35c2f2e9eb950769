import { type TestServer, testServer } from '@kubernest/apiserver/engine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const namespace = '/api/v1/namespaces/default';
let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

type Manifest = { kind: string; metadata: { name: string } };
const apply = (manifest: Manifest, query = 'fieldManager=me&force=true') =>
  api.call(`PATCH ${namespace}/${manifest.kind.toLowerCase()}s/${manifest.metadata.name}?${query}`, manifest, {
    'content-type': 'application/apply-patch+yaml',
  });
const pod = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const init = (...names: string[]) => ({ initContainers: names.map((name) => ({ name, image: 'i' })) });

describe('server-side apply over the API', () => {
  test.each([
    ['labels', { labels: { a: '1' } }],
    ['annotations', { annotations: { a: '1' } }],
    ['finalizers', { finalizers: ['example.test/a'] }],
    ['ownerReferences', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'u' }] }],
  ])('drops the last of the %s', async (field, metadata) => {
    const map = (more: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `last-${field.toLowerCase()}`, ...more },
    });
    expect((await apply(map(metadata))).status).toBe(201);
    const dropped = await apply(map({}));
    expect(dropped.status).toBe(200);
    expect(dropped.object.metadata).not.toHaveProperty(field);
    expect(dropped.object.metadata).not.toHaveProperty('managedFields');
  });

  test('puts items into the applied order, and a second apply writes nothing', async () => {
    const labels = { app: 'a' };
    const deployment = (...names: string[]) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'ordered' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }], ...init(...names) } },
      },
    });
    const put = (...names: string[]) =>
      api.call('PATCH /apis/apps/v1/namespaces/default/deployments/ordered?fieldManager=me', deployment(...names), {
        'content-type': 'application/apply-patch+yaml',
      });
    await put('i1', 'i2');
    const { object } = await put('i2', 'i1', 'new');
    const names = object.spec.template.spec.initContainers.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['i2', 'i1', 'new']);
    expect(object.metadata.generation).toBe(2);
    expect((await put('i2', 'i1', 'new')).object.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
  });

  test('refuses two items under one key with Kubernetes’ words', async () => {
    const { object } = await apply(pod('twice', init('i', 'i'), { namespace: 'default' }));
    expect(object).toMatchObject({
      code: 500,
      status: 'Failure',
      message:
        'failed to create typed patch object (default/twice; /v1, Kind=Pod): .spec.initContainers: duplicate entries for key [name="i"]',
    });
  });

  test('a false, zero or empty value is a value: it replaces the other one', async () => {
    const config = (immutable: boolean | null, data: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'falsy' },
      data,
      immutable,
    });
    await apply(config(false, { a: '1', b: '' }), 'fieldManager=other');
    const { object } = await apply(config(null, { a: '' }));
    expect(object.data).toEqual({ a: '', b: '' });
    const stored = object.metadata.resourceVersion;
    expect((await apply(config(null, { a: '' }))).object.metadata.resourceVersion).toBe(stored);
  });

  test('nobody owns through the status what the status cannot change', async () => {
    await apply(pod('split', {}));
    const status = { ...pod('split', { nodeName: 'x' }), status: { phase: 'Running' } };
    const { object } = await api.call(`PATCH ${namespace}/pods/split/status?fieldManager=kubelet`, status, {
      'content-type': 'application/apply-patch+yaml',
    });
    const entry = object.metadata.managedFields.find(
      ({ subresource }: { subresource?: string }) => subresource === 'status',
    );
    expect(entry.fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } });
  });
});
