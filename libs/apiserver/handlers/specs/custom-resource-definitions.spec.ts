import { testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';

const all = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const lamp = `${all}/lamps.example.com`;

const version = (name: string, schema: object, more: object = {}) => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object', ...schema } },
  ...more,
});

const lamps = (...versions: readonly object[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'lamps', kind: 'Lamp' }, versions },
});

it('a definition is completed and stored, and its writer told what nobody enforces', async () => {
  await using api = await testServer();
  const rules = { 'x-kubernetes-validations': [{ rule: 'true' }] };
  const { status, headers, object } = await api.call(`POST ${all}`, lamps(version('v1', rules)));
  expect(status).toBe(201);
  expect(headers.warning).toContain('x-kubernetes-validations are not enforced by this server yet');
  expect(object).toMatchObject({
    metadata: { generation: 1 },
    spec: { names: { singular: 'lamp', listKind: 'LampList' }, conversion: { strategy: 'None' } },
    status: { storedVersions: ['v1'] },
  });
});

it('one that is wrong is refused in the words and at the places of Kubernetes', async () => {
  await using api = await testServer();
  const { status, object } = await api.call(`POST ${all}`, lamps(version('v1', { properties: { a: {} } })));
  expect(status).toBe(422);
  expect(object).toMatchObject({
    message:
      'CustomResourceDefinition.apiextensions.k8s.io "lamps.example.com" is invalid: ' +
      'spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
  });
});

it('a version in which objects may lie may not go', async () => {
  await using api = await testServer();
  await api.call(`POST ${all}`, lamps(version('v1', {})));
  const moved = lamps(version('v1', {}, { storage: false }), version('v2', {}, { storage: true }));
  const current = async () => ((await api.call(`GET ${lamp}`)).object as { metadata: object }).metadata;
  expect(await api.call(`PUT ${lamp}`, { ...moved, metadata: await current() })).toMatchObject({
    status: 200,
    object: { metadata: { generation: 2 }, status: { storedVersions: ['v1', 'v2'] } },
  });
  const gone = { ...lamps(version('v2', {}, { storage: true })), metadata: await current() };
  expect(await api.call(`PUT ${lamp}`, gone)).toMatchObject({
    status: 422,
    object: { details: { causes: [{ field: 'status.storedVersions[0]' }] } },
  });
});

it('a write of the status changes metadata, too, and nothing of the spec', async () => {
  await using api = await testServer();
  const made = (await api.call(`POST ${all}`, lamps(version('v1', {})))).object as { metadata: object; spec: object };
  const changed = {
    ...made,
    metadata: { ...made.metadata, labels: { a: 'b' }, finalizers: ['customresourcecleanup.apiextensions.k8s.io'] },
    spec: { ...made.spec, scope: 'Cluster' },
    status: { acceptedNames: { plural: 'lamps', kind: 'Lamp' }, storedVersions: ['v1'] },
  };
  expect(await api.call(`PUT ${lamp}/status`, changed as never)).toMatchObject({
    status: 200,
    object: {
      metadata: { generation: 1, labels: { a: 'b' }, finalizers: ['customresourcecleanup.apiextensions.k8s.io'] },
      spec: { scope: 'Namespaced' },
      status: { acceptedNames: { plural: 'lamps' } },
    },
  });
});
