import { conflict } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { definition, definitionOf, lampKind, lampRef, saidOf, serve } from '../shared/crd.fixture.ts';
import { refs } from '../shared/refs.ts';

const CRDS = refs.customResourceDefinitions;
const NAME = 'lamps.example.com';
const remove = (on: TestCluster) => on.admin.resource(CRDS).delete({ name: NAME }, {}, on.ctx);
const lamps = async (on: TestCluster) => (await on.admin.resource(lampRef).list({}, on.ctx)).items;
const terminating = (on: TestCluster) => saidOf(on, 'Terminating');
const IN_PROGRESS = 'True InstanceDeletionInProgress: CustomResource deletion is in progress';

async function withLamps(...finalizers: string[]): Promise<TestCluster> {
  const on = await builtinCluster();
  on.catalog.apply({ served: [lampKind] });
  await on.make(CRDS, definitionOf());
  for (const namespace of ['default', 'kube-public']) {
    for (const name of ['one', 'two'])
      await on.admin.resource(lampRef).create({ metadata: { name, namespace, finalizers } }, {}, on.ctx);
  }
  await on.pass(1_500);
  return on;
}

it('a definition takes the objects of all namespaces with it, each namespace at once', async () => {
  await using on = await withLamps();
  await remove(on);
  await on.pass(1_500);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
  const deletes = on.traffic.writes.filter(({ resource }) => resource === 'lamps');
  expect(deletes.map(({ verb, path }) => `${verb} ${path.split('?')[0]}`)).toEqual(
    ['default', 'kube-public'].map(
      (namespace) => `deletecollection /apis/example.com/v1/namespaces/${namespace}/lamps`,
    ),
  );
  expect(on.traffic.refusals).toEqual([]);
});

it('objects that others hold are waited for, and after a minute it is said what holds them', async () => {
  await using on = await withLamps('example.com/held');
  await remove(on);
  await on.pass(20_000);
  expect([await terminating(on), (await lamps(on)).length]).toEqual([IN_PROGRESS, 4]);
  await on.pass(50_000);
  expect(await terminating(on)).toBe(
    'True InstanceDeletionCheck: could not confirm zero CustomResources remaining: 4 are left, with the finalizers example.com/held',
  );
  for (const { metadata } of await lamps(on)) {
    const key = { namespace: metadata.namespace!, name: metadata.name! };
    const body = { metadata: { finalizers: null } };
    await on.admin.resource(lampRef).patch(key, { type: 'merge', body }, {}, on.ctx);
  }
  await on.pass(6_000);
  expect(await definition(on)).toBeUndefined();
});

it('objects are not lost while nobody serves them: it is said, and tried again', async () => {
  await using on = await withLamps();
  on.catalog.apply({ gone: [lampKind] });
  await remove(on);
  await on.pass(30_000);
  expect(await terminating(on)).toMatch(/^True InstanceDeletionFailed: could not list instances: /);
  on.catalog.apply({ served: [lampKind] });
  await on.pass(300_000);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
});

it('what was left in namespaces by a kind of the same name goes with one that is in none', async () => {
  await using on = await builtinCluster();
  on.catalog.apply({ served: [lampKind] });
  await on.admin.resource(lampRef).create({ metadata: { name: 'old', namespace: 'default' } }, {}, on.ctx);
  on.catalog.apply({ served: [{ ...lampKind, namespaced: false }] });
  await on.make(CRDS, definitionOf({}, { scope: 'Cluster' }));
  await on.pass(1_500);
  await remove(on);
  await on.pass(1_500);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
});

it('what was left in no namespace keeps a kind that is in namespaces: no path leads there, and that is said', async () => {
  await using on = await builtinCluster();
  on.catalog.apply({ served: [{ ...lampKind, namespaced: false }] });
  await on.admin.resource(lampRef).create({ metadata: { name: 'old' } }, {}, on.ctx);
  on.catalog.apply({ served: [lampKind] });
  await on.admin.resource(lampRef).create({ metadata: { name: 'new', namespace: 'default' } }, {}, on.ctx);
  await on.make(CRDS, definitionOf());
  await on.pass(1_500);
  expect((await lamps(on)).map(({ metadata }) => metadata.name).sort()).toEqual(['new', 'old']);
  await remove(on);
  await on.pass(1_500);
  expect([await terminating(on), (await lamps(on)).map(({ metadata }) => metadata.name)]).toEqual([
    'True InstanceDeletionFailed: could not issue all deletes: the server does not allow this method on the requested resource',
    ['old'],
  ]);
  // Where it was made there is a path.
  on.catalog.apply({ served: [{ ...lampKind, namespaced: false }] });
  await on.admin.resource(lampRef).delete({ name: 'old' }, {}, on.ctx);
  on.catalog.apply({ served: [lampKind] });
  await on.pass(300_000);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
});

it('a refused deletion is said, and tried again', async () => {
  await using on = await withLamps();
  let refusing = true;
  on.traffic.beforeWrite = ({ resource, path }) => {
    if (refusing && resource === 'lamps' && path.includes('kube-public')) throw new Error('no way');
  };
  await remove(on);
  await on.pass(5_000);
  expect([await terminating(on), (await lamps(on)).length]).toEqual([
    'True InstanceDeletionFailed: could not issue all deletes: no way',
    2,
  ]);
  refusing = false;
  await on.pass(300_000);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
});

it('nothing is deleted before every API server knows that nothing new is to be taken', async () => {
  await using on = await withLamps();
  for (const server of ['a', 'dies']) await serve(on, server, '1');
  await remove(on);
  await on.pass(1_500);
  expect([await terminating(on), (await lamps(on)).length]).toEqual([IN_PROGRESS, 4]);
  await serve(on, 'a', (await definition(on))!.metadata.resourceVersion);
  await on.pass(10_000);
  expect((await lamps(on)).length).toBe(4);
  await on.pass(10_000);
  expect([await definition(on), await lamps(on)]).toEqual([undefined, []]);
});

it('one that never had its names goes without a look at objects', async () => {
  await using on = await builtinCluster();
  const other = { plural: 'lights', singular: 'light', kind: 'Lamp', listKind: 'LightList' };
  await on.make(CRDS, definitionOf(other));
  await on.pass(1_500);
  await on.make(CRDS, definitionOf());
  await on.pass(1_500);
  await remove(on);
  await on.pass(1_500);
  expect(await definition(on)).toBeUndefined();
  expect(on.traffic.writes.filter(({ verb }) => verb === 'deletecollection')).toEqual([]);
});

it('is held by the finalizers of others after ours is gone', async () => {
  await using on = await withLamps();
  await on.patch(CRDS, NAME, { metadata: { finalizers: ['example.com/mine'] } });
  await remove(on);
  await on.pass(1_500);
  expect((await definition(on))?.metadata.finalizers).toEqual(['example.com/mine']);
  expect(await terminating(on)).toBe('False InstanceDeletionCompleted: removed all instances');
});

it('converges when its writes are refused with a conflict', async () => {
  await using on = await withLamps();
  let refused = 0;
  on.traffic.beforeWrite = ({ account, resource, path }) => {
    if (account !== 'crd-finalizer-controller' || refused++ % 2 === 1) return;
    throw conflict({ group: CRDS.group, resource, name: path }, 'somebody else was first');
  };
  await remove(on);
  await on.pass(60_000);
  expect([await definition(on), await lamps(on), refused > 1]).toEqual([undefined, [], true]);
});
