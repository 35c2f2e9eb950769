import { isOf } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { example, nameFor, placeOf } from './examples.fixture.ts';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
});
afterAll(() => api[Symbol.asyncDispose]());

const NAME = 'told-by-the-path';
const lines = { create: 'POST', update: 'PUT', patch: 'PATCH' } as const;
const headers = { update: {}, create: {}, patch: { 'content-type': 'application/merge-patch+json' } } as const;

/** An object itself, and everything below it that reads a body, status among it. */
const bodies = builtinKinds
  .filter(({ virtual }) => !virtual)
  .flatMap((definition) => {
    const tokens = { audiences: [], issue: async () => ({ token: '', expiresAt: new Date(0) }) };
    const below = builtinSubresources({ dialer: cutOffDialer(), tokens })
      .filter((each) => isOf(each, definition) && !each.connects)
      .map(({ name, verbs, body }) => ({ name, verbs, body }));
    const status = { name: 'status', verbs: ['update', 'patch'], body: undefined };
    const own = { name: '', verbs: definition.verbs.filter((verb) => verb !== 'create'), body: undefined };
    return [own, ...below, ...(definition.statusSubresource ? [status] : [])].flatMap(({ name, verbs, body }) =>
      (['create', 'update', 'patch'] as const)
        .filter((verb) => (verbs as readonly string[]).includes(verb))
        .map((verb) => ({
          definition,
          of: `${definition.plural}${name && `/${name}`}`,
          subresource: name,
          verb,
          body,
        })),
    );
  });

describe.each(bodies)('a $verb of $of', ({ definition, subresource, verb, body }) => {
  const [place, name] = [placeOf(definition), nameFor(definition, NAME)];
  beforeAll(async () => {
    await api.call(admin, `POST ${place}`, example(definition, NAME));
  });
  const send = async (metadata: object) => {
    const { kind, group, version } = body ?? definition;
    const about = { kind, apiVersion: group ? `${group}/${version}` : version };
    const sent = verb === 'patch' ? { metadata } : { ...about, metadata };
    return api.call(
      { ...admin, headers: headers[verb] },
      `${lines[verb]} ${place}/${name}${subresource && `/${subresource}`}`,
      sent,
    );
  };

  it('that names another object than its path is refused', async () => {
    const { status, object } = await send({ name: 'another' });
    const sentence =
      subresource === 'token'
        ? 'must match the service account name if specified'
        : verb === 'create'
          ? `name in URL does not match name in ${body!.kind} object`
          : `the name of the object (another) does not match the name on the URL (${name})`;
    expect([status, object.message]).toEqual([subresource === 'token' ? 422 : 400, expect.stringContaining(sentence)]);
  });

  const isToken = subresource === 'token';
  it(isToken ? 'that names nothing is one of the object of its path' : 'that names nothing is refused', async () => {
    const { status, object } = await send(verb === 'patch' ? { name: null } : {});
    const sentence =
      verb === 'create'
        ? `name in URL does not match name in ${body!.kind} object`
        : `the name of the object (${name} based on URL) was undeterminable: name must be provided`;
    expect([status, object.message]).toEqual(isToken ? [201, undefined] : [400, sentence]);
  });

  const { namespaced } = definition;
  it(
    namespaced ? 'in another namespace than its path is refused' : 'lives in no namespace, whatever it says',
    async () => {
      const { status, object } = await send({ name, namespace: 'elsewhere' });
      const sentence = 'the namespace of the provided object does not match the namespace sent on the request';
      // The path says all that counts.
      const without = namespaced ? undefined : await send({ name });
      expect([status, object.message]).toEqual(without ? [without.status, without.object.message] : [400, sentence]);
    },
  );
});

describe('an applied ConfigMap', () => {
  const maps = '/api/v1/namespaces/default/configmaps';
  const apply = (name: string, metadata: object) =>
    api.call(
      { ...admin, headers: { 'content-type': 'application/apply-patch+yaml' } },
      `PATCH ${maps}/${name}?fieldManager=me`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    );

  it('that names nothing is refused where there is none, and is the one of the path where there is', async () => {
    const { object } = await apply('applied', {});
    expect([object.code, object.message]).toEqual([
      400,
      'the name of the object (applied based on URL) was undeterminable: name must be provided',
    ]);
    expect((await apply('applied', { name: 'applied' })).status).toBe(201);
    expect((await apply('applied', { labels: { a: 'b' } })).object.metadata.labels).toEqual({ a: 'b' });
  });

  it('that names another is refused', async () => {
    const { object } = await apply('applied', { name: 'another' });
    expect([object.code, object.message]).toEqual([
      400,
      'the name of the object (another) does not match the name on the URL (applied)',
    ]);
  });
});

const asked = (definition: ResourceDefinition) => ({ definition, plural: definition.plural });
describe.each(builtinKinds.filter(({ virtual }) => virtual).map(asked))('a create of $plural', ({ definition }) => {
  const { group, version, plural, kind, namespaced } = definition;
  const inNamespace = namespaced ? 'namespaces/default/' : '';

  it(namespaced ? 'in another namespace is refused' : 'lives in no namespace, whatever it says', async () => {
    const body = { apiVersion: `${group}/${version}`, kind, metadata: { namespace: 'elsewhere' }, spec: {} };
    const { object } = await api.call(admin, `POST /apis/${group}/${version}/${inNamespace}${plural}`, body);
    const sentence = 'the namespace of the provided object does not match the namespace sent on the request';
    if (namespaced) expect([object.code, object.message]).toEqual([400, sentence]);
    else expect(JSON.stringify(object)).not.toContain('elsewhere');
  });
});
