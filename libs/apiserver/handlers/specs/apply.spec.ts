import { type TestServer, testServer } from '@kubernest/testkit/server';
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

describe('an applied field that the schema does not declare', () => {
  const labels = { app: 'a' };
  const deployment = (spec: object, container: object = {}, more: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'odd', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i', ...container }] } },
      ...spec,
    },
    ...more,
  });
  const map = (metadata: object, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'odd', namespace: 'default', ...metadata },
    ...more,
  });
  const service = (spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'odd', namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  });
  const put = (manifest: Manifest, padding: number, fieldValidation: string) => {
    const group = manifest.kind === 'Deployment' ? '/apis/apps/v1/namespaces/default' : namespace;
    const { metadata } = manifest;
    const annotations = { padding: 'x'.repeat(padding) };
    return api.call(
      `PATCH ${group}/${manifest.kind.toLowerCase()}s/odd?fieldManager=me&fieldValidation=${fieldValidation}`,
      { ...manifest, metadata: { annotations, ...metadata } },
      { 'content-type': 'application/apply-patch+yaml' },
    );
  };
  const doubled =
    'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key "a" already set in map';
  const inContainer = '.spec.template.spec.containers[name="c"]';
  describe.each<[Manifest, string, string]>([
    [map({}, { foo: { bar: 1 } }), '/v1, Kind=ConfigMap', '.foo'],
    [map({}, { constructor: 1 }), '/v1, Kind=ConfigMap', '.constructor'],
    [map({}, { ['__proto__']: 1 }), '/v1, Kind=ConfigMap', '.__proto__'],
    [map({ foo: null }), '/v1, Kind=ConfigMap', '.metadata.foo'],
    [deployment({ foo: 1 }), 'apps/v1, Kind=Deployment', '.spec.foo'],
    [deployment({}, { foo: [] }), 'apps/v1, Kind=Deployment', `${inContainer}.foo`],
    [service({ topologyKeys: ['*'] }), '/v1, Kind=Service', '.spec.topologyKeys'],
  ])('%j', (manifest, type, path) => {
    const message = `failed to create typed patch object (default/odd; ${type}): ${path}: field not declared in schema`;
    test.each([
      ['Ignore', 0],
      ['Ignore', 100_000],
      ['Warn', 0],
      ['Warn', 100_000],
      ['Strict', 0],
      ['Strict', 100_000],
    ])('is refused and not warned of, with fieldValidation=%s and %d bytes more', async (fieldValidation, padding) => {
      const { object, headers } = await put(manifest, padding, fieldValidation);
      expect(object).toMatchObject({ kind: 'Status', code: 500, message });
      expect(headers).not.toHaveProperty('warning');
    });
  });

  test('is named with the first of every other struct', async () => {
    const { object } = await put(deployment({}, { foo: 1 }, { bar: 1, more: 1 }), 0, 'Ignore');
    expect(object.message).toBe(
      `failed to create typed patch object (default/odd; apps/v1, Kind=Deployment): errors:\n  ${inContainer}.foo: field not declared in schema\n  .bar: field not declared in schema`,
    );
  });

  test('is refused over a live object as well, which stays as it is', async () => {
    const { object } = await put(map({}, { data: { a: '1' } }), 0, 'Warn');
    expect((await put(map({}, { data: { a: '2' }, foo: 1 }), 0, 'Warn')).status).toBe(500);
    const { object: live } = await api.call(`GET ${namespace}/configmaps/odd`);
    expect(live.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
  });

  test.each([
    ['Ignore', 0, 201, undefined, undefined],
    ['Warn', 0, 201, undefined, '299 - "line 1: key \\"a\\" already set in map"'],
    ['Strict', 0, 400, doubled, undefined],
    ['Strict', 100_000, 400, doubled, undefined],
  ])('is not one that is there twice: fieldValidation=%s, %d bytes more, is %d', async (...row) => {
    const [fieldValidation, padding, code, message, warning] = row;
    const name = `doubled-${fieldValidation}`.toLowerCase();
    const { status, object, headers } = await api.call(
      `PATCH ${namespace}/configmaps/${name}?fieldManager=me&fieldValidation=${fieldValidation}`,
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"a":"1","a":"2","b":"${'x'.repeat(padding)}"}}`,
      { 'content-type': 'application/apply-patch+yaml' },
    );
    expect([status, object.message, headers['warning']]).toEqual([code, message, warning]);
  });

  test('is told beside what is of a wrong type', async () => {
    const { object } = await put(map({}, { data: ['a'], foo: 1 }), 0, 'Ignore');
    expect(object.message).toBe(
      'failed to create typed patch object (default/odd; /v1, Kind=ConfigMap): errors:\n  .data: expected map, got &{[a]}\n  .foo: field not declared in schema',
    );
  });
});
