import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { clone, type Json, type KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Convert, convertNames } from './conversion.ts';
import { definitionsOf } from './definitions-of.ts';

const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const version = (name: string, storage: boolean) => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
});
const crd = {
  metadata: { name: 'gates.example.com', uid: 'g', resourceVersion: '0' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gates', singular: 'gate', kind: 'Gate' },
    versions: [version('v1', true), version('v1beta1', false)],
  },
} as unknown as CustomResourceDefinition;

/** As of a webhook: what comes back is another object, and comes later. */
const byOthers: Convert = async (objects, to) => {
  for (const { metadata } of objects) if (!metadata.name) throw new Error('it has no name');
  return objects.map((each) => clone({ ...each, apiVersion: to } as unknown as Json) as unknown as KubeObject);
};

let api: TestServer;
afterEach(() => api[Symbol.asyncDispose]());
const apply = (version: string, fields: { readonly metadata?: object; readonly spec?: object }) => {
  const config = { apiVersion: `example.com/${version}`, kind: 'Gate', ...fields };
  const path = `/apis/example.com/${version}/namespaces/default/gates/a?fieldManager=ann`;
  const type = { 'content-type': 'application/apply-patch+yaml' };
  return api.call(`PATCH ${path}`, { ...config, metadata: { name: 'a', ...fields.metadata } }, type);
};

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u' };
const applied: readonly (readonly [what: string, fields: { readonly metadata?: object; readonly spec?: object }])[] = [
  ['a label', { metadata: { labels: { a: 'b' } } }],
  ['an annotation', { metadata: { annotations: { a: 'b' } } }],
  ['a finalizer', { metadata: { finalizers: ['x.y/z'] } }],
  ['an owner', { metadata: { ownerReferences: [owner] } }],
  ['a field', { spec: { a: 1 } }],
  [
    'all of them',
    { metadata: { labels: { a: 'b' }, finalizers: ['x.y/z'], ownerReferences: [owner] }, spec: { a: 1 } },
  ],
  ['what is large', { metadata: { labels: { a: 'b' } }, spec: { text: 'x'.repeat(300_000) } }],
];

describe.each<[string, Convert]>([
  ['nobody', convertNames],
  ['a webhook', byOthers],
])('who applies again in another version, where %s converts,', (_who, convert) => {
  beforeEach(async () => {
    api = await testServer({ catalog: new Catalog([...builtinKinds, ...definitionsOf(crd, convert)]) });
  });

  describe.each([
    ['v1beta1', 'v1'],
    ['v1', 'v1beta1'],
  ])('first by %s, then by %s', (first, second) => {
    it.each(applied)('keeps %s by saying it again', async (_what, fields) => {
      expect((await apply(first, fields)).status).toBe(201);
      const { status, object } = await apply(second, fields);
      expect([status, object]).toEqual([200, expect.objectContaining({ apiVersion: `example.com/${second}` })]);
      expect(object).toMatchObject(fields);
      expect(object.metadata.managedFields).toMatchObject([{ manager: 'ann', apiVersion: `example.com/${second}` }]);
    });

    it.each(applied)('takes %s away by no longer saying it', async (_what, fields) => {
      const { uid } = (await apply(first, fields)).object.metadata;
      const { status, object } = await apply(second, { spec: { b: 2 } });
      expect([status, object.spec]).toEqual([200, { b: 2 }]);
      for (const name of Object.keys(fields.metadata ?? {})) expect(object.metadata).not.toHaveProperty(name);
      expect(object.metadata).toMatchObject({ name: 'a', namespace: 'default', uid });
      expect(object.metadata.managedFields).toMatchObject([
        { manager: 'ann', apiVersion: `example.com/${second}`, fieldsV1: { 'f:spec': { 'f:b': {} } } },
      ]);
    });
  });
});
