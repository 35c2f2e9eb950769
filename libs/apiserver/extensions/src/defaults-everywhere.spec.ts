import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { clone, type Json, type KubeObject } from '@kubernest/meta';
import { type Answer, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';

const text = (more: object = {}) => ({ type: 'string', ...more });
const status = {
  type: 'object',
  default: { phase: 'Waiting' },
  properties: { phase: text(), note: text({ default: 'no controller' }) },
};
const schemaOf = (spec: object) => ({
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: { type: 'object', properties: spec }, status },
  },
});

/** `v1` is stored; each version has a field with a default that the other does not know. */
const crd = {
  metadata: { name: 'gates.example.com', uid: 'g', resourceVersion: '0' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gates', singular: 'gate', kind: 'Gate' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: schemaOf({ size: { type: 'integer' }, colour: text({ default: 'red' }) }),
        subresources: { status: {} },
      },
      {
        name: 'v1alpha1',
        served: true,
        storage: false,
        schema: schemaOf({ size: { type: 'integer' }, shade: text({ default: 'dark' }) }),
        subresources: { status: {} },
      },
    ],
  },
} as unknown as CustomResourceDefinition;

const gates = (version: string) => `/apis/example.com/${version}/namespaces/default/gates`;
const bodyOf = (version: string, name: string) => ({
  apiVersion: `example.com/${version}`,
  kind: 'Gate',
  metadata: { name },
  spec: { size: 1 },
  status: { phase: 'Mine' },
});

let api: TestServer;
beforeAll(async () => {
  api = await testServer({ catalog: new Catalog([...builtinKinds, ...definitionsOf(crd)]) });
});
afterAll(() => api[Symbol.asyncDispose]());

const creations: readonly [string, (version: string, name: string) => Promise<Answer>][] = [
  ['POST', (version, name) => api.call(`POST ${gates(version)}`, bodyOf(version, name))],
  [
    'apply',
    (version, name) =>
      api.call(`PATCH ${gates(version)}/${name}?fieldManager=m`, bodyOf(version, name), {
        'content-type': 'application/apply-patch+yaml',
      }),
  ],
];
const waiting = { phase: 'Waiting', note: 'no controller' };
const specIn = (version: string) => ({ size: 1, ...(version === 'v1' ? { colour: 'red' } : {}) });

describe.each(creations)('made by %s', (verb, create) => {
  it.each(['v1', 'v1alpha1'])('in %s, an object has the defaults of the status that was dropped', async (version) => {
    const name = `${verb.toLowerCase()}-${version}`;
    const made = await create(version, name);
    expect([made.status, made.object.status]).toEqual([201, waiting]);
    expect(JSON.stringify(made.object.metadata.managedFields)).not.toContain('f:status');
    expect((await api.call(`GET ${gates(version)}/${name}`)).object).toEqual(made.object);
    const { items } = (await api.call(`GET ${gates(version)}`)).object;
    expect(items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === name).status).toEqual(
      waiting,
    );
  });

  it('in another version, it has the defaults of the one that is stored', async () => {
    const made = await create('v1alpha1', `${verb.toLowerCase()}-other`);
    // What the stored version does not know is lost on the way.
    expect(made.object.spec).toEqual(specIn('v1alpha1'));
    expect((await api.call(`GET ${gates('v1')}/${verb.toLowerCase()}-other`)).object.spec).toEqual(specIn('v1'));
  });
});

it('what was told of the status stays, and lacks no default', async () => {
  await api.call(`POST ${gates('v1')}`, bodyOf('v1', 'told'));
  const merge = { 'content-type': 'application/merge-patch+json' };
  const told = await api.call(`PATCH ${gates('v1')}/told/status`, { status: { phase: 'Open', note: null } }, merge);
  expect(told.object.status).toEqual({ phase: 'Open', note: 'no controller' });
  const changed = await api.call(`PATCH ${gates('v1')}/told`, { spec: { size: 2 }, status: null }, merge);
  expect(changed.object.status).toEqual(told.object.status);
});

describe.each(['v1', 'v1alpha1'])('a dry run in %s', (version) => {
  const facts = ({ status: code, object }: Answer) => {
    const { uid: _, creationTimestamp: __, resourceVersion: ___, managedFields: ____, ...metadata } = object.metadata;
    return [code, { ...object, metadata }];
  };
  it('answers what the write would, but for its resource version', async () => {
    const body = bodyOf(version, `dry-${version}`);
    const dry = await api.call(`POST ${gates(version)}?dryRun=All`, body);
    const real = await api.call(`POST ${gates(version)}`, body);
    expect(facts(dry)).toEqual(facts(real));
    expect(dry.object.metadata).not.toHaveProperty('resourceVersion');
    const next = { ...real.object, spec: { size: 2 } };
    const put = `PUT ${gates(version)}/dry-${version}`;
    const dryPut = await api.call(`${put}?dryRun=All`, next);
    expect(dryPut.object.metadata.resourceVersion).toBe(real.object.metadata.resourceVersion);
    expect(facts(dryPut)).toEqual(facts(await api.call(put, next)));
  });
});

const withStatus = builtinKinds.filter(({ statusSubresource, statusOnCreate, virtual }) => {
  return statusSubresource && !statusOnCreate && !virtual;
});
it.each(withStatus.map((each) => [each.kind, each] as const))(
  'a new %s lacks no default once it is put right, though its status was dropped',
  (_kind, { example, defaults, prepareForCreate }) => {
    const draft = clone(example) as KubeObject & { status?: Json };
    delete draft.status;
    prepareForCreate?.(draft);
    const { status: before } = clone(draft);
    defaults?.(draft);
    expect(draft.status).toEqual(before);
  },
);
