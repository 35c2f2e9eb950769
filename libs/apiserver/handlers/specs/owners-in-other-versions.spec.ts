import { gadget, gadgetsIn, pathIn, specIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
});
afterEach(() => api[Symbol.asyncDispose]());

/** `centimetres`: undefined applies nothing but the name. */
const apply = (manager: string, version: string, centimetres: number | undefined, query = '') => {
  const { spec, ...bare } = gadget(version, 'a', centimetres ?? 0);
  const config = centimetres === undefined ? { ...bare, spec: {} } : { ...bare, spec };
  return api.call(`PATCH ${pathIn(version)}/a?fieldManager=${manager}${query}`, config, {
    'content-type': 'application/apply-patch+yaml',
  });
};
type Owned = { metadata: { managedFields?: readonly { manager: string; apiVersion: string; fieldsV1: object }[] } };
const owners = ({ metadata: { managedFields = [] } }: Owned) =>
  managedFields
    .map(({ manager, apiVersion, fieldsV1 }) => [manager, apiVersion, fieldsV1] as const)
    .sort(([a], [b]) => a.localeCompare(b));
const fieldIn: Readonly<Record<string, string>> = { [v1]: 'size', [v2]: 'centimetres', [v3]: 'millimetres' };
const ofSpec = (version: string) => ({ 'f:spec': { [`f:${fieldIn[version]}`]: {} } });
const pairs = [v1, v2, v3].flatMap((a) => [v1, v2, v3].filter((b) => b !== a).map((b) => [a, b] as const));

describe.each(pairs)('what is applied by %s, to an applier by %s', (theirs, ours) => {
  it('is a conflict where it is something else, in words of the version of its owner', async () => {
    await apply('ann', theirs, 1);
    const { status, object } = await apply('bob', ours, 2);
    expect([status, object.message]).toEqual([
      409,
      `Apply failed with 1 conflict: conflict with "ann": .spec.${fieldIn[theirs]}`,
    ]);
  });

  it('is taken from its owner by force', async () => {
    await apply('ann', theirs, 1);
    const { object } = await apply('bob', ours, 2, '&force=true');
    expect([object.spec, owners(object)]).toEqual([specIn(ours, 2), [['bob', ours, ofSpec(ours)]]]);
  });

  it('is shared where it is the same, and stays when one gives it up', async () => {
    await apply('ann', theirs, 1);
    const shared = await apply('bob', ours, 1);
    expect([shared.status, owners(shared.object)]).toEqual([
      200,
      [
        ['ann', theirs, ofSpec(theirs)],
        ['bob', ours, ofSpec(ours)],
      ],
    ]);
    const { object } = await apply('ann', theirs, undefined);
    expect([object.spec, owners(object)]).toEqual([
      specIn(theirs, 1),
      [
        ['ann', theirs, { 'f:spec': {} }],
        ['bob', ours, ofSpec(ours)],
      ],
    ]);
  });

  it('is lost when somebody changes it, whichever way', async () => {
    await apply('ann', theirs, 1);
    const merge = { 'content-type': 'application/merge-patch+json' };
    const { object } = await api.call(`PATCH ${pathIn(ours)}/a?fieldManager=bob`, { spec: specIn(ours, 3) }, merge);
    expect(owners(object)).toEqual([['bob', ours, ofSpec(ours)]]);
  });

  it('stays theirs when something else is changed', async () => {
    await apply('ann', theirs, 1);
    const merge = { 'content-type': 'application/merge-patch+json' };
    const labels = { metadata: { labels: { a: 'b' } } };
    const { object } = await api.call(`PATCH ${pathIn(ours)}/a?fieldManager=bob`, labels, merge);
    expect(owners(object)[0]).toEqual(['ann', theirs, ofSpec(theirs)]);
  });
});

it.each(pairs)('who applies by %s and then by %s gives up what is no longer said', async (first, second) => {
  await apply('ann', first, 1, '');
  const { object } = await apply('ann', second, 2);
  expect([object.spec, owners(object)]).toEqual([specIn(second, 2), [['ann', second, ofSpec(second)]]]);
});

it('who writes is not kept from it by a converter that fails; who applies is', async () => {
  await apply('ann', v2, 1);
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.call(`PATCH ${pathIn(v1)}/a?fieldManager=bob`, { spec: { size: '2cm' } }, merge);
  await apply('cid', v2, 2);
  api.converter.failWith('out of order');
  const written = await api.call(`PATCH ${pathIn(v1)}/a?fieldManager=bob`, { spec: { size: '4cm' } }, merge);
  expect([written.status, written.object.spec]).toEqual([200, { size: '4cm' }]);
  const applied = await apply('dan', v1, 5);
  expect([applied.status, applied.object.message]).toEqual([500, 'out of order']);
});

describe.each(pairs)('who owns metadata and applies by %s and then by %s', (first, second) => {
  const applied = (version: string, metadata: object, query = '') => {
    const { spec, ...bare } = gadget(version, 'a', 1);
    const config = { ...bare, metadata: { ...bare.metadata, ...metadata }, spec };
    const type = { 'content-type': 'application/apply-patch+yaml' };
    return api.call(`PATCH ${pathIn(version)}/a?fieldManager=ann${query}`, config, type);
  };
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u' };
  const cases: readonly (readonly [what: string, metadata: object, owned: object])[] = [
    ['labels', { labels: { a: 'b' } }, { 'f:labels': { 'f:a': {} } }],
    ['annotations', { annotations: { a: 'b' } }, { 'f:annotations': { 'f:a': {} } }],
    ['finalizers', { finalizers: ['x.y/z'] }, { 'f:finalizers': { 'v:"x.y/z"': {} } }],
    ['ownerReferences', { ownerReferences: [owner] }, { 'f:ownerReferences': { 'k:{"uid":"u"}': {} } }],
  ];

  it.each(cases)('keeps what it says again: %s', async (_what, metadata, owned) => {
    await applied(first, metadata);
    const { status, object } = await applied(second, metadata);
    expect([status, object.metadata, owners(object)]).toEqual([
      200,
      expect.objectContaining(metadata),
      [['ann', second, { 'f:metadata': owned, ...ofSpec(second) }]],
    ]);
  });

  it.each(cases)('gives up what it no longer says: %s', async (what, metadata) => {
    const { object: before } = await applied(first, metadata);
    const { status, object } = await applied(second, {});
    expect([status, object.spec, owners(object)]).toEqual([200, specIn(second, 1), [['ann', second, ofSpec(second)]]]);
    expect(object.metadata).not.toHaveProperty(what);
    expect(object.metadata).toMatchObject({ name: 'a', namespace: 'one', uid: before.metadata.uid });
  });

  it('may be somebody with a large object, which goes to the thread', async () => {
    const large = { annotations: { a: 'b'.repeat(200_000) }, labels: { a: 'b' } };
    await applied(first, large);
    const { status, object } = await applied(second, large);
    expect([status, object.metadata.labels, owners(object)[0]![1]]).toEqual([200, { a: 'b' }, second]);
  });

  it('shows a converter no object without its name', async () => {
    await applied(first, { labels: { a: 'b' } });
    await applied(second, {});
    expect(api.converter.nameless).toBe(0);
  });
});

describe('owners in a version that there is not', () => {
  const maps = '/api/v1/namespaces/one/configmaps';
  const entry = (apiVersion: string, operation: 'Apply' | 'Update') => ({
    manager: 'eve',
    operation,
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': { 'f:labels': { 'f:x': {} } } },
  });
  const none = ['bogus/v9', 'v77', 'example.test/v9', 'a/b/c', 'apps/v1'];
  const bodies: readonly (readonly [url: string, object: object])[] = [
    [pathIn(v1), gadget(v1, 'm', 1)],
    [maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '1' } }],
  ];
  const cases = bodies.flatMap(([url, object]) =>
    none.flatMap((version) => (['Apply', 'Update'] as const).map((by) => [url, version, by, object] as const)),
  );

  it.each(cases)('are none, the others stay: %s %s %s', async (url, version, by, body) => {
    const { object } = await api.call(`POST ${url}?fieldManager=ann`, body);
    const { managedFields } = object.metadata;
    const sent = { ...object, metadata: { ...object.metadata, managedFields: [...managedFields, entry(version, by)] } };
    const put = await api.call(`PUT ${url}/m?fieldManager=ann`, sent);
    expect([put.status, put.object.metadata.managedFields]).toEqual([200, managedFields]);
    const merge = { 'content-type': 'application/merge-patch+json' };
    const patched = await api.call(`PATCH ${url}/m?fieldManager=bob`, { metadata: sent.metadata }, merge);
    expect(owners(patched.object).map(([manager]) => manager)).toEqual(['ann']);
  });

  it('is not one that is served', async () => {
    const { object } = await api.call(`POST ${pathIn(v1)}?fieldManager=ann`, gadget(v1, 'm', 1));
    const managedFields = [...object.metadata.managedFields, entry(v3, 'Apply')];
    const put = await api.call(`PUT ${pathIn(v1)}/m`, { ...object, metadata: { ...object.metadata, managedFields } });
    expect(owners(put.object).map(([manager]) => manager)).toEqual(['ann', 'eve']);
  });

  it('go with their version, whoever writes or applies next', async () => {
    await apply('ann', v2, 1);
    await apply('cid', v3, 1);
    const served = gadgetsIn(v1, api.converter);
    const without = served.filter(({ version }) => version !== 'v3');
    const versions = [v1, v2];
    const now = without.map((each) => ({ ...each, storage: { ...each.storage!, versions } }));
    await api.catalog.apply({ served: [now[0]!], gone: served.slice(1) });
    const { object } = await apply('bob', v1, 1);
    expect(owners(object).map(([manager]) => manager)).toEqual(['ann', 'bob']);
  });
});
