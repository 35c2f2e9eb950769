import { Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { decodeObject, type Json, type KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extensions } from './extensions.ts';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const lamps = '/apis/example.com/v1/namespaces/default/lamps';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['watts'],
      properties: {
        watts: { type: 'integer', minimum: 1, maximum: 100 },
        on: { type: 'boolean', default: false },
        bulbs: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, colour: { type: 'string' } },
          },
        },
        replicas: { type: 'integer' },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

const lampDefinition = {
  metadata: { name: 'lamps.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: {
      plural: 'lamps',
      singular: 'lamp',
      kind: 'Lamp',
      listKind: 'Lamps',
      shortNames: ['lp'],
      categories: ['lights'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Watts', type: 'integer', jsonPath: '.spec.watts' },
          { name: 'First', type: 'string', jsonPath: '.spec.bulbs[?(@.name=="a")].colour' },
        ],
        selectableFields: [{ jsonPath: '.spec.watts' }],
      },
      {
        name: 'v1beta1',
        served: true,
        storage: false,
        deprecated: true,
        schema: { openAPIV3Schema: { ...schema, description: 'Old.' } },
      },
    ],
  },
};

const owned = new AsyncDisposableStack();
const served: string[] = [];
let api: TestServer;
beforeAll(async () => {
  const catalog = new Catalog(builtinKinds);
  api = owned.use(await testServer({ catalog }));
  await extensions({
    core: api.server.core,
    catalog,
    dialer: cutOffDialer(),
    served: (version) => served.push(version),
  }).start(api.ctx);
  const made = await api.call(`POST ${crds}`, lampDefinition);
  expect([made.status, made.object.message]).toEqual([201, undefined]);
  await accept(made.object);
});
afterAll(() => owned.disposeAsync());

/** As the controller does whose business it is. */
async function accept(crd: CustomResourceDefinition): Promise<void> {
  const conditions = [
    { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: '', lastTransitionTime: null },
  ];
  const status = { ...crd.status, acceptedNames: crd.spec.names, conditions };
  const { status: code, object } = await api.call(`PUT ${crds}/${crd.metadata.name}/status`, { ...crd, status });
  expect([code, object.message]).toEqual([200, undefined]);
  await api.call(`GET ${crds}/${crd.metadata.name}`);
}

const lamp = (name: string, spec: object) => ({
  apiVersion: 'example.com/v1',
  kind: 'Lamp',
  metadata: { name },
  spec,
});
const patch = (type: string) => ({ 'content-type': `application/${type}` });

describe('an object of a custom kind', () => {
  it('is made, pruned and has its defaults', async () => {
    const { status, object, headers } = await api.call(`POST ${lamps}`, lamp('a', { watts: 5, bogus: 1 }));
    expect([status, object.kind, object.apiVersion, object.spec]).toEqual([
      201,
      'Lamp',
      'example.com/v1',
      { watts: 5, on: false },
    ]);
    expect(object.metadata.generation).toBe(1);
    expect(headers['warning']).toContain(String.raw`unknown field \"spec.bogus\"`);
  });

  it('is refused in the words of its schema', async () => {
    const { object } = await api.call(`POST ${lamps}`, lamp('b', { on: 'yes', watts: 500 }));
    expect(object.details.causes).toEqual([
      {
        reason: 'FieldValueTypeInvalid',
        message: 'Invalid value: "string": spec.on in body must be of type boolean: "string"',
        field: 'spec.on',
      },
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 500: spec.watts in body should be less than or equal to 100',
        field: 'spec.watts',
      },
    ]);
  });

  it('is served in each version, with a warning in one that should not be used', async () => {
    const { object, headers } = await api.call('GET /apis/example.com/v1beta1/namespaces/default/lamps/a');
    expect([object.apiVersion, object.spec.watts]).toEqual(['example.com/v1beta1', 5]);
    expect(headers['warning']).toContain('example.com/v1beta1 Lamp is deprecated; use example.com/v1 Lamp');
  });

  it('is listed under the name of its list, by fields, and as a table', async () => {
    const bulbs = [{ name: 'a', colour: 'red' }];
    await api.call(`POST ${lamps}`, lamp('c', { watts: 7, bulbs }));
    const list = await api.call(`GET ${lamps}?fieldSelector=spec.watts%3D7`);
    expect([list.object.kind, list.object.items.length]).toEqual(['Lamps', 1]);
    const yaml = await api.call(`GET ${lamps}?fieldSelector=spec.watts%3D7`, undefined, { accept: 'application/yaml' });
    const lists = [list.object, decodeObject(Buffer.from(yaml.text), 'yaml', { expectedKind: 'Lamps' }).value];
    for (const { metadata, items } of lists as (typeof list.object)[])
      expect([metadata.continue, items[0].kind, items[0].apiVersion, items[0].metadata.name]).toEqual([
        '',
        'Lamp',
        'example.com/v1',
        'c',
      ]);
    const table = await api.call(`GET ${lamps}/c`, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    expect(table.object.rows[0].cells).toEqual(['c', 7, 'red']);
  });

  it('has a status and a scale of its own', async () => {
    const body = { ...lamp('a', { watts: 9 }), status: { phase: 'Lit' } };
    const told = await api.call(`PATCH ${lamps}/a/status`, body, patch('merge-patch+json'));
    expect([told.object.spec.watts, told.object.status]).toEqual([5, { phase: 'Lit' }]);
    const scaled = await api.call(`PATCH ${lamps}/a`, { spec: { replicas: -1 } }, patch('merge-patch+json'));
    expect(scaled.object.message).toContain('.spec.replicas: Invalid value: -1: should be a non-negative integer');
  });

  it('may have finalizers of any name, and its writer is told once what others may call theirs', async () => {
    const path = `${lamps}/held`;
    await api.call(`POST ${lamps}`, lamp('held', { watts: 5 }));
    const hold = async (...finalizers: string[]) =>
      (await api.call(`PATCH ${path}`, { metadata: { finalizers } }, patch('merge-patch+json'))).headers['warning'];
    expect(await hold('mine')).toContain(
      String.raw`metadata.finalizers: \"mine\": prefer a domain-qualified finalizer name to avoid`,
    );
    expect(await hold('mine', 'example.com', 'example.com/fine', 'orphan')).toBe(
      String.raw`299 - "metadata.finalizers: \"example.com\": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers"`,
    );
    expect(await hold()).toBeUndefined();
  });

  it('is applied, item by item', async () => {
    const config = (bulbs: object[]) => lamp('d', { watts: 1, bulbs });
    const apply = (manager: string, bulbs: object[]) =>
      api.call(`PATCH ${lamps}/d?fieldManager=${manager}`, config(bulbs), patch('apply-patch+yaml'));
    await apply('ann', [{ name: 'a', colour: 'red' }]);
    const { object } = await apply('bob', [{ name: 'b', colour: 'blue' }]);
    expect(object.spec.bulbs).toEqual([
      { name: 'a', colour: 'red' },
      { name: 'b', colour: 'blue' },
    ]);
    const conflict = await apply('bob', [{ name: 'a', colour: 'green' }]);
    expect(conflict.status).toBe(409);
    expect(conflict.object.message).toContain('.spec.bulbs[name="a"].colour');
  });
});

describe('what clients are told', () => {
  it('of a subresource that no version declares is that the object is not there', async () => {
    const { status, object } = await api.call(`GET ${lamps}/a/ephemeral`);
    expect([status, object.message, object.details]).toEqual([
      404,
      'lamps.example.com "a" not found',
      { name: 'a', group: 'example.com', kind: 'lamps' },
    ]);
  });

  it('of a change without a resource version names the resource', async () => {
    const { status, object } = await api.call(`PUT ${lamps}/a`, lamp('a', { watts: 1 }));
    const why = 'metadata.resourceVersion: Invalid value: 0: must be specified for an update';
    expect([status, object.message]).toEqual([422, `lamps.example.com "a" is invalid: ${why}`]);
  });

  it('where no columns are declared is the age, as a date', async () => {
    const { object } = await api.call('GET /apis/example.com/v1beta1/namespaces/default/lamps', undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const columns = object.columnDefinitions.map(({ name, type }: { name: string; type: string }) => [name, type]);
    expect(columns).toEqual([
      ['Name', 'string'],
      ['Age', 'date'],
    ]);
    expect(object.columnDefinitions.every(({ description }: { description: string }) => description !== '')).toBe(true);
  });

  it('of who wrote from within this process is its own name', async () => {
    const objects = api.transport();
    const headers = { 'x-user': 'ann' };
    const call = { method: 'POST', path: lamps, headers, body: lamp('loop', { watts: 2 }) as Json } as const;
    const { object } = await objects.call(call, api.ctx);
    expect((object as KubeObject).metadata.managedFields?.map(({ manager }) => manager)).toEqual(['kubernest']);
  });
});

describe('what clients find out', () => {
  it('discovery names it', async () => {
    const { object } = await api.call('GET /apis/example.com/v1');
    const [found] = object.resources;
    expect(found).toMatchObject({
      name: 'lamps',
      kind: 'Lamp',
      shortNames: ['lp'],
      categories: ['lights'],
      namespaced: true,
    });
    expect(object.resources.map(({ name }: { name: string }) => name)).toEqual([
      'lamps',
      'lamps/scale',
      'lamps/status',
    ]);
  });

  it('OpenAPI describes it', async () => {
    const { object } = await api.call('GET /openapi/v3/apis/example.com/v1');
    const described = object.components.schemas['com.example.v1.Lamp'];
    expect(described.properties.spec.properties.watts).toMatchObject({ type: 'integer', maximum: 100 });
    expect(described['x-kubernetes-group-version-kind']).toEqual([
      { group: 'example.com', kind: 'Lamp', version: 'v1' },
    ]);
    const { apiVersion, kind, metadata } = described.properties;
    expect([apiVersion, kind, metadata].map(({ description }) => description)).toEqual([
      expect.stringMatching('^APIVersion defines '),
      expect.stringMatching('^Kind is a string '),
      expect.stringMatching("^Standard object's metadata"),
    ]);
    expect(metadata.allOf).toEqual([{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }]);
    const v2 = await api.call('GET /openapi/v2');
    expect(v2.object.definitions['com.example.v1.Lamp'].properties.spec.required).toEqual(['watts']);
  });
});

it('what was stored before a definition changed is read as it is now, in each version', async () => {
  await api.call(`POST ${lamps}`, lamp('old', { watts: 3, replicas: 2 }));
  const { object } = await api.call(`GET ${crds}/lamps.example.com`);
  for (const version of object.spec.versions) {
    const { properties } = version.schema.openAPIV3Schema.properties.spec;
    properties.finish = { type: 'string', default: 'matt' };
    delete properties.bulbs;
  }
  delete object.spec.versions[0].additionalPrinterColumns;
  expect((await api.call(`PUT ${crds}/lamps.example.com`, object)).object.message).toBe(undefined);
  const read = async (url: string) => (await api.call(`GET ${url}`)).object;
  expect((await read(`${lamps}/old`)).spec).toEqual({ watts: 3, replicas: 2, on: false, finish: 'matt' });
  const list = await read(lamps);
  expect(list.items.map(({ spec }: { spec: object }) => [spec].flatMap(Object.keys).includes('bulbs'))).not.toContain(
    true,
  );
  expect((await read('/apis/example.com/v1beta1/namespaces/default/lamps/old')).spec.finish).toBe('matt');
  const changed = await api.call(`PATCH ${lamps}/old`, { spec: { watts: 4 } }, patch('merge-patch+json'));
  expect(changed.object.spec).toEqual({ watts: 4, replicas: 2, on: false, finish: 'matt' });
});

it('a change of the definition ends its watches and is served, and so is its end', async () => {
  const watch = await api.watch(`${lamps}?watch=1`);
  const { object } = await api.call(`GET ${crds}/lamps.example.com`);
  object.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.shade = { type: 'string' };
  expect((await api.call(`PUT ${crds}/lamps.example.com`, object)).status).toBe(200);
  await watch.ended;
  const shaded = await api.call(`POST ${lamps}`, lamp('e', { watts: 1, shade: 'green' }));
  expect(shaded.object.spec.shade).toBe('green');
  const { resourceVersion } = (await api.call(`GET ${lamps}`)).object.metadata;
  const last = await api.watch(`${lamps}?watch=1&resourceVersion=${resourceVersion}`);
  await api.call(`DELETE ${crds}/lamps.example.com`);
  const late = lamp('late', { watts: 1 });
  for (const { status, object } of [
    await api.call(`POST ${lamps}`, late),
    await api.call(`PATCH ${lamps}/late?fieldManager=ann`, late, patch('apply-patch+yaml')),
  ])
    expect([status, object.message]).toEqual([
      403,
      'lamps.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
    ]);
  // As the controller does: what there is first, and the definition once all lamps are gone.
  const { items } = (await api.call(`DELETE ${lamps}`)).object;
  const events = await last.next(items.length);
  expect([items.length > 0, ...new Set(events.map(({ type }) => type))]).toEqual([true, 'DELETED']);
  const going = (await api.call(`GET ${crds}/lamps.example.com`)).object;
  await api.call(`PUT ${crds}/lamps.example.com`, { ...going, metadata: { ...going.metadata, finalizers: [] } });
  await last.ended;
  await expect.poll(async () => (await api.call(`GET ${lamps}`)).status).toBe(404);
  expect(served.map(Number)).toEqual([...served].map(Number).sort((a, b) => a - b));
});
