import { type APIService, builtinKinds } from '@kubernest/kinds';
import { conflict } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { definitionOf, lampKind } from '../shared/crd.fixture.ts';
import { refs } from '../shared/refs.ts';
import { AUTOMANAGED } from './apiservice-registration.plan.ts';

const names = async (on: TestCluster) => (await on.all(refs.apiServices)).map(({ metadata }) => metadata.name!);
const custom = async (on: TestCluster) => (await names(on)).filter((name) => name.endsWith('example.com'));
const remove = (on: TestCluster, name: string, ref = refs.apiServices as Parameters<TestCluster['find']>[0]) =>
  on.admin.resource(ref).delete({ name }, {}, on.ctx);
const service = { namespace: 'default', name: 'mine', port: 443 };
const foreign = (name: string): APIService => {
  const [version, ...group] = name.split('.') as [string, ...string[]];
  return {
    metadata: { name },
    spec: { group: group.join('.'), version, service, groupPriorityMinimum: 10, versionPriority: 10 },
  };
};
const versions = (...all: readonly (readonly [name: string, served: boolean])[]) => ({
  versions: all.map(([name, served], i) => ({
    name,
    served,
    storage: i === 0,
    schema: { openAPIV3Schema: { type: 'object' } },
  })),
});

it('every group-version that is built in is registered, available from the beginning, but for that of APIServices', async () => {
  await using on = await builtinCluster();
  await on.pass(1_000);
  const served = new Set(builtinKinds.map(({ group, version }) => `${version}.${group}`));
  served.delete('v1.apiregistration.k8s.io');
  expect((await names(on)).sort()).toEqual([...served].sort());
  const apps = await on.find<APIService>(refs.apiServices, 'v1.apps');
  expect(apps?.metadata.labels).toEqual({ [AUTOMANAGED]: 'onstart' });
  expect(apps?.status?.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['Available', 'True', 'Local'],
  ]);
  expect(on.traffic.refusals).toEqual([]);
});

it('those of custom resources come and go with their versions, and come back when somebody deletes them', async () => {
  await using on = await builtinCluster();
  on.catalog.apply({ served: [lampKind, { ...lampKind, version: 'v2' }] });
  await on.make(refs.customResourceDefinitions, definitionOf({}, versions(['v1', true], ['v2', false])));
  await on.pass(1_000);
  expect(await custom(on)).toEqual(['v1.example.com']);
  await on.patch(refs.customResourceDefinitions, 'lamps.example.com', {
    spec: versions(['v1', false], ['v2', true]),
  });
  await on.pass(1_000);
  expect(await custom(on)).toEqual(['v2.example.com']);
  await remove(on, 'v2.example.com');
  await on.pass(1_000);
  expect(await custom(on)).toEqual(['v2.example.com']);
  await remove(on, 'lamps.example.com', refs.customResourceDefinitions);
  await on.pass(1_500);
  expect(await custom(on)).toEqual([]);
});

it("somebody's own stays, whatever is defined", async () => {
  await using on = await builtinCluster();
  await on.make(refs.apiServices, foreign('v1.example.com'));
  await on.make(refs.customResourceDefinitions, definitionOf());
  await on.pass(1_000);
  const found = () => on.find<APIService>(refs.apiServices, 'v1.example.com');
  expect((await found())?.spec?.service).toEqual(service);
  await remove(on, 'lamps.example.com', refs.customResourceDefinitions);
  await on.pass(1_500);
  expect((await found())?.spec?.service).toEqual(service);
});

it('what is built in may be replaced until the server starts again, which puts right what is still marked as its own', async () => {
  await using on = await builtinCluster();
  await on.pass(1_000);
  for (const name of ['v1.apps', 'v1.discovery.k8s.io']) await remove(on, name);
  await on.make(refs.apiServices, foreign('v1.apps'));
  await on.patch(refs.apiServices, 'v1.events.k8s.io', { spec: { versionPriority: 7 } });
  const outdated = foreign('v1beta1.events.k8s.io');
  await on.make(refs.apiServices, {
    ...outdated,
    metadata: { ...outdated.metadata, labels: { [AUTOMANAGED]: 'onstart' } },
  });
  await on.pass(1_000);
  const facts = async () => {
    const all = await on.all<APIService>(refs.apiServices);
    return ['v1.apps', 'v1.discovery.k8s.io', 'v1.events.k8s.io', 'v1beta1.events.k8s.io'].map((name) => {
      const found = all.find(({ metadata }) => metadata.name === name);
      return found?.spec?.service?.name ?? found?.spec?.versionPriority;
    });
  };
  expect(await facts()).toEqual(['mine', undefined, 7, 'mine']);
  await on.stop();
  await on.run();
  await on.pass(1_000);
  expect(await facts()).toEqual(['mine', 15, 15, undefined]);
});

it('converges when every other write is refused with a conflict', async () => {
  await using on = await builtinCluster();
  let refused = 0;
  on.traffic.beforeWrite = ({ account, resource, path }) => {
    if (account !== 'apiservice-registration-controller' || refused++ % 2 === 1) return;
    throw conflict({ group: refs.apiServices.group, resource, name: path }, 'somebody else was first');
  };
  await on.make(refs.customResourceDefinitions, definitionOf());
  await on.pass(5_000);
  expect([await custom(on), refused > 1]).toEqual([['v1.example.com'], true]);
});
