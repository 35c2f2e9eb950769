import { buildBodyProgram, lampSource, lamps, lampsOf } from '@kubernest/apiserver/codec/testing';
import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const owned = new AsyncDisposableStack();
let api: TestServer;
const catalog = new Catalog([...builtinKinds, ...lampsOf(lampSource)]);
beforeAll(async () => {
  const program = owned.use(await buildBodyProgram());
  api = owned.use(await testServer({ catalog, bodyWorker: { program: program.entry, knows: builtinKinds } }));
});
afterAll(() => owned.disposeAsync());

const type = { apiVersion: 'example.test/v1', kind: 'Lamp' };
const lamp = (name: string, spec: object, metadata: object = {}) => ({
  ...type,
  metadata: { name, ...metadata },
  spec,
});
const patch = (type: string) => ({ 'content-type': `application/${type}` });
const padding = { annotations: { long: 'x'.repeat(200 * 1024) } };

// On this thread, and large enough for the other one.
describe.each([
  ['small', {}],
  ['large', padding],
])('a %s object of a declared kind', (size, metadata) => {
  const name = (what: string) => `${what}-${size}`;

  it('has its defaults, and what nobody knows of is dropped and told', async () => {
    const body = lamp(name('a'), { colour: 'red', bogus: 1 }, metadata);
    const { status, object, headers } = await api.call(`POST ${lamps}`, body);
    expect([status, object.spec]).toEqual([201, { colour: 'red', size: 'small' }]);
    expect(headers['warning']).toContain(String.raw`unknown field \"spec.bogus\"`);
    const strict = await api.call(`POST ${lamps}?fieldValidation=Strict`, body);
    expect(strict.object.message).toBe(
      'Lamp in version "v1" cannot be handled as a Lamp: strict decoding error: unknown field "spec.bogus"',
    );
  });

  it('of wrong types is decoded, and refused for them', async () => {
    const { object } = await api.call(`POST ${lamps}`, lamp(name('b'), { size: 3 }, metadata));
    expect(object.details.causes).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.colour' },
      { reason: 'FieldValueInvalid', message: 'Invalid value: 3: must be of type string', field: 'spec.size' },
    ]);
  });

  it('whose metadata cannot be read is none', async () => {
    const body = { ...type, metadata: 'none', spec: { colour: 'red', ...metadata } };
    const { status, object } = await api.call(`POST ${lamps}`, body);
    expect([status, object.message]).toEqual([
      400,
      'Lamp in version "v1" cannot be handled as a Lamp: metadata must be an object',
    ]);
  });

  it('takes merge and JSON patches, and is applied', async () => {
    await api.call(`POST ${lamps}`, lamp(name('c'), { colour: 'red' }, metadata));
    const url = `PATCH ${lamps}/${name('c')}`;
    const merged = await api.call(url, { spec: { colour: 'blue', size: null } }, patch('merge-patch+json'));
    expect(merged.object.spec).toEqual({ colour: 'blue', size: 'small' });
    const replaced = [{ op: 'replace', path: '/spec/size', value: 'large' }];
    expect((await api.call(url, replaced, patch('json-patch+json'))).object.spec.size).toBe('large');
    const config = lamp(name('c'), { colour: 'green' });
    const applied = await api.call(`${url}?fieldManager=me&force=true`, config, patch('apply-patch+yaml'));
    expect([applied.status, applied.object.spec]).toEqual([200, { colour: 'green', size: 'large' }]);
    const wrong = await api.call(url, { spec: { size: 3 } }, patch('merge-patch+json'));
    expect(wrong.object.message).toContain('spec.size: Invalid value: 3: must be of type string');
  });
});

it('there is no strategic patch and no protobuf', async () => {
  await api.call(`POST ${lamps}`, lamp('d', { colour: 'red' }));
  const accepted = ['json', 'merge'].map((kind) => `application/${kind}-patch+json`);
  const strategic = await api.call(`PATCH ${lamps}/d`, {}, patch('strategic-merge-patch+json'));
  expect([strategic.status, strategic.object.message]).toEqual([
    415,
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}, application/apply-patch+yaml`,
  ]);
  const protobuf = 'application/vnd.kubernetes.protobuf';
  const sent = await api.call(`POST ${lamps}`, Buffer.from('k8s\0'), { 'content-type': protobuf });
  expect(sent.status).toBe(415);
  expect((await api.call(`GET ${lamps}/d`, undefined, { accept: protobuf })).status).toBe(406);
});

it('a kind that is declared anew is read anew, on the thread as well', async () => {
  catalog.apply({ served: lampsOf({ ...lampSource, texts: [...lampSource.texts, 'shade'] }) });
  const { object } = await api.call(`POST ${lamps}`, lamp('e', { colour: 'red', shade: 'dark' }, padding));
  expect(object.spec.shade).toBe('dark');
});
