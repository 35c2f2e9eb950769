import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';
import { afterAll, expect, it } from 'vitest';
import { definitionsOf } from './definitions-of.ts';

const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'string' } } } };
const subresources = { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.r' } };
const crd = {
  metadata: { name: 'lamps.example.com', uid: 'lamps', resourceVersion: '1' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' },
    versions: [{ name: 'v1', served: true, storage: true, schema, subresources }],
  },
} as unknown as CustomResourceDefinition;

let compiled = 0;
/** The same, and each look at its schema is counted. */
function counted(definition: ResourceDefinition): ResourceDefinition {
  const same = Object.defineProperties({}, Object.getOwnPropertyDescriptors(definition)) as ResourceDefinition;
  const get = () => {
    compiled++;
    return definition.schema;
  };
  return Object.defineProperty(same, 'schema', { get, enumerable: true });
}

const catalog = new Catalog([...builtinKinds, ...definitionsOf(crd).map(counted)]);
const api = await testServer({ catalog });
afterAll(() => api[Symbol.asyncDispose]());

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
const metadata = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };
it.each<[string, Record<string, string>, string]>([
  ['/apis', {}, 'example.com'],
  ['/apis', aggregated, 'lamps'],
  ['/apis/example.com', {}, 'example.com/v1'],
  ['/apis/example.com/v1', {}, 'lamps/scale'],
  ['/openapi/v2', {}, 'com.example.v1.Lamp'],
  ['/openapi/v3', {}, 'apis/example.com/v1'],
  ['/openapi/v3/apis/example.com/v1', {}, 'com.example.v1.Lamp'],
  ['/apis/example.com/v1/lamps', {}, 'LampList'],
  ['/apis/example.com/v1/lamps', metadata, 'PartialObjectMetadataList'],
])('no schema is compiled for %s (%o): of hundreds of kinds most have no objects', async (path, headers, told) => {
  const before = compiled;
  const { status, object } = await api.call(`GET ${path}`, undefined, headers);
  expect([status, JSON.stringify(object).includes(told), compiled - before]).toEqual([200, true, 0]);
});

it('a schema is compiled for what is written', async () => {
  const lamp = { apiVersion: 'example.com/v1', kind: 'Lamp', metadata: { name: 'a' }, spec: 'bright' };
  const { status } = await api.call('POST /apis/example.com/v1/namespaces/default/lamps', lamp);
  expect([status, compiled > 0]).toEqual([201, true]);
});
