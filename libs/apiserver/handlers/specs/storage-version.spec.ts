import { gadget, pathIn, specIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const revisionOf = async (name: string) =>
  (await api.call(`GET ${pathIn(v1)}/${name}`)).object.metadata.resourceVersion;

it('moves, and what lies in the old one is read in every version as before', async () => {
  await api.create(v1, 'a', 3);
  api.storeIn(v2);
  await api.create(v1, 'b', 4);
  expect(await api.stored('a')).toMatchObject({ apiVersion: v1, spec: { size: '3cm' } });
  expect(await api.stored('b')).toMatchObject({ apiVersion: v2, spec: { centimetres: 4 } });
  for (const version of [v1, v2, v3]) {
    const { items } = (await api.call(`GET ${pathIn(version)}`)).object;
    expect(items).toMatchObject([{ spec: specIn(version, 3) }, { spec: specIn(version, 4) }]);
    expect((await api.call(`GET ${pathIn(version)}/a`)).object).toMatchObject(gadget(version, 'a', 3));
    const watch = await api.watch(`${pathIn(version)}?watch=1`);
    expect(await watch.next(2)).toMatchObject([
      { object: gadget(version, 'a', 3) },
      { object: gadget(version, 'b', 4) },
    ]);
  }
});

it.each([v1, v2, v3])(
  'an update in %s that changes nothing rewrites what lies in the old one, once',
  async (version) => {
    await api.create(v1, 'a', 3);
    const { metadata } = (await api.call(`GET ${pathIn(version)}/a`)).object;
    api.storeIn(v2);
    const same = gadget(version, 'a', 3);
    const { status, object } = await api.call(`PUT ${pathIn(version)}/a`, same);
    expect([status, object]).toMatchObject([200, same]);
    expect(object.metadata.resourceVersion).not.toBe(metadata.resourceVersion);
    expect({ ...object.metadata, resourceVersion: '' }).toEqual({ ...metadata, resourceVersion: '' });
    expect(await api.stored('a')).toMatchObject({ apiVersion: v2, spec: { centimetres: 3 } });
    const revision = await revisionOf('a');
    expect((await api.call(`PUT ${pathIn(version)}/a`, same)).object.metadata.resourceVersion).toBe(revision);
    expect(await revisionOf('a')).toBe(revision);
  },
);

it.each([v1, v2, v3])(
  'an update in %s that changes nothing writes nothing where the version has not moved',
  async (version) => {
    await api.create(v1, 'a', 3);
    const revision = await revisionOf('a');
    const { object } = await api.call(`PUT ${pathIn(version)}/a`, gadget(version, 'a', 3));
    expect([object.metadata.resourceVersion, await revisionOf('a')]).toEqual([revision, revision]);
  },
);

it('what is applied as it is keeps who owns it since when, in the new version too', async () => {
  const apply = () =>
    api.call(`PATCH ${pathIn(v2)}/a?fieldManager=first`, gadget(v2, 'a', 3), {
      'content-type': 'application/apply-patch+yaml',
    });
  await apply();
  const { managedFields } = (await api.stored('a')).metadata;
  api.storeIn(v2);
  await api.clock.advance(5_000);
  await apply();
  const { apiVersion, metadata } = await api.stored('a');
  expect([apiVersion, metadata.managedFields]).toEqual([v2, managedFields]);
});

it('a dry run rewrites nothing', async () => {
  await api.create(v1, 'a', 3);
  api.storeIn(v2);
  const { object } = await api.call(`PUT ${pathIn(v2)}/a?dryRun=All`, gadget(v2, 'a', 3));
  expect(object).toMatchObject(gadget(v2, 'a', 3));
  expect(await api.stored('a')).toMatchObject({ apiVersion: v1 });
});

it('discovery tells by the hash which one it is, the same in every version', async () => {
  const hashes = () =>
    Promise.all(
      [v1, v2, v3].map(
        async (version) => (await api.call(`GET /apis/${version}`)).object.resources[0].storageVersionHash,
      ),
    );
  const [before, ...others] = await hashes();
  expect(others).toEqual([before, before]);
  api.storeIn(v2);
  const [after, ...rest] = await hashes();
  expect(after).not.toBe(before);
  expect(rest).toEqual([after, after]);
});

it('each manager keeps the version that it wrote in', async () => {
  await api.call(`POST ${pathIn(v1)}?fieldManager=first`, gadget(v1, 'a', 3));
  api.storeIn(v2);
  const labels = { metadata: { labels: { app: 'web' } } };
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.call(`PATCH ${pathIn(v3)}/a?fieldManager=second`, labels, merge);
  const { managedFields } = (await api.stored('a')).metadata;
  expect(managedFields!.map(({ manager, apiVersion }) => [manager, apiVersion])).toEqual([
    ['first', v1],
    ['second', v3],
  ]);
});
