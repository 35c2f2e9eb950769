import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import type { Steps } from '@kubernest/meta';
import { testServer } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';
import { scale } from './scale.subresource.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
function* done<T>(value: T): Steps<T> {
  yield;
  return value;
}

/** A kind that somebody declared, and that takes everything. */
const lamp: ResourceDefinition = {
  ...configMap,
  group: 'example.com',
  version: 'v1',
  kind: 'Lamp',
  plural: 'lamps',
  singular: 'lamp',
  schema: {
    ...configMap.schema,
    fields: { ...configMap.schema.fields, spec: { schema: { type: 'any' } } },
  },
  scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas' },
  customSchema: {
    decode: () => done<readonly string[]>([]),
    fillDefaults: () => done(undefined),
    faults: () => done<readonly never[]>([]),
    openApi: () => done({}),
    source: { id: '1', data: {} },
  },
};

const lamps = '/apis/example.com/v1/namespaces/one/lamps';
const merge = { 'content-type': 'application/merge-patch+json' };

it('the scale of a declared kind is refused as the kind itself, and there is none before it has replicas', async () => {
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, lamp]), subresources: () => [scale] });
  const path = `${lamps}/unscaled/scale`;
  await api.call(`POST ${lamps}`, { apiVersion: 'example.com/v1', kind: 'Lamp', metadata: { name: 'unscaled' } });
  expect((await api.call(`GET ${path}`)).object).toMatchObject({
    code: 500,
    message: 'Internal error occurred: the spec replicas field ".spec.replicas" does not exist',
  });
  const change = (replicas: number | null) => api.call(`PATCH ${path}`, { spec: { replicas } }, merge);
  expect((await api.call(`PATCH ${path}`, {}, merge)).object).toMatchObject({
    code: 400,
    message: 'the spec replicas field ".spec.replicas" cannot be empty',
  });
  expect((await change(-4)).object).toMatchObject({
    code: 422,
    message:
      'Lamp.example.com "unscaled" is invalid: .spec.replicas: Invalid value: -4: should be a non-negative integer',
  });
  expect((await change(0)).object.spec).toEqual({});
  expect((await change(null)).object.spec).toEqual({});
  expect((await change(2)).object.spec).toEqual({ replicas: 2 });
});

it('the scale of a declared kind is a row of a Table, and no patch of it is asked which object it means', async () => {
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, lamp]), subresources: () => [scale] });
  const path = `${lamps}/l/scale`;
  const body = { apiVersion: 'example.com/v1', kind: 'Lamp', metadata: { name: 'l' }, spec: { replicas: 3 } };
  const { uid } = (await api.call(`POST ${lamps}`, body)).object.metadata;
  const { object } = await api.call(`GET ${path}`, undefined, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  });
  expect(
    object.columnDefinitions.map(({ name, type, format }: Record<string, string>) => [name, type, format]),
  ).toEqual([
    ['Name', 'string', 'name'],
    ['Desired', 'integer', ''],
    ['Available', 'integer', ''],
    ['Age', 'date', ''],
  ]);
  expect(object.rows[0].cells.slice(0, 3)).toEqual(['l', 3, 0]);
  const patched = await api.call(`PATCH ${path}`, { metadata: { uid: 'other' }, spec: { replicas: 4 } }, merge);
  expect(patched.object).toMatchObject({ metadata: { uid }, spec: { replicas: 4 } });
});

it('the scale of a declared kind is applied as that of any, and needs no replicas to begin with', async () => {
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, lamp]), subresources: () => [scale] });
  const make = (name: string, spec: object) =>
    api.call(`POST ${lamps}?fieldManager=maker`, {
      apiVersion: 'example.com/v1',
      kind: 'Lamp',
      metadata: { name },
      spec,
    });
  const apply = (name: string, spec: object, force = false) =>
    api.call(
      `PATCH ${lamps}/${name}/scale?fieldManager=applier&force=${force}`,
      { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name }, spec },
      { 'content-type': 'application/apply-patch+yaml' },
    );
  const owners = async (name: string) =>
    (await api.call(`GET ${lamps}/${name}`)).object.metadata.managedFields.map(
      ({ manager, operation, apiVersion, subresource, fieldsV1 }: Record<string, unknown>) => [
        manager,
        operation,
        apiVersion,
        subresource,
        fieldsV1,
      ],
    );
  await make('scaled', { replicas: 3, colour: 'red' });
  expect((await apply('scaled', { replicas: 4 })).object).toMatchObject({
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "maker" using autoscaling/v1: .spec.replicas',
  });
  expect((await apply('scaled', { replicas: 4 }, true)).object.spec).toEqual({ replicas: 4 });
  const applied = ['applier', 'Apply', 'example.com/v1', 'scale', { 'f:spec': { 'f:replicas': {} } }];
  expect((await owners('scaled'))[0]).toEqual(applied);
  expect(JSON.stringify((await owners('scaled'))[1])).not.toContain('f:replicas');
  await make('unscaled', { colour: 'red' });
  expect((await apply('unscaled', {})).object).toMatchObject({
    code: 400,
    message: 'the spec replicas field ".spec.replicas" cannot be empty',
  });
  expect((await apply('unscaled', { replicas: 2 })).object.spec).toEqual({ replicas: 2 });
  expect((await owners('unscaled'))[0]).toEqual(applied);
});

it('the scale of a declared kind is told in protobuf to nobody, nor changed for who could not be told', async () => {
  await using api = await testServer({ catalog: new Catalog([...builtinKinds, lamp]), subresources: () => [scale] });
  const body = { apiVersion: 'example.com/v1', kind: 'Lamp', metadata: { name: 'l' }, spec: { replicas: 1 } };
  await api.call(`POST ${lamps}`, body);
  const protobuf = 'application/vnd.kubernetes.protobuf';
  const ask = (method: string, accept: string, change?: object) =>
    api.call(`${method} ${lamps}/l/scale`, change, { ...(change && merge), accept });
  expect((await ask('GET', protobuf)).status).toBe(406);
  expect((await ask('PATCH', protobuf, { spec: { replicas: 2 } })).status).toBe(406);
  const { status, object } = await ask('GET', `${protobuf},application/json`);
  expect([status, object.spec]).toEqual([200, { replicas: 1 }]);
});
