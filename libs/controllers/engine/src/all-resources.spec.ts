import { createClient, createInformerSet } from '@kubernest/client';
import { builtinResources, MemoryApi, type MemoryResource } from '@kubernest/client/testing';
import { childContext, FakeClock, silentLogger } from '@kubernest/kit';
import { type KubeObject, qualifiedResource, unavailable } from '@kubernest/meta';
import { expect, it, onTestFinished } from 'vitest';
import { ResourceMonitor } from './all-resources.ts';

const crds: MemoryResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
const things: MemoryResource = {
  group: 'example.com',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  namespaced: true,
};
const configMaps = { group: '', version: 'v1', resource: 'configmaps' };
const named = (name: string, over: object = {}): KubeObject => ({ metadata: { name, namespace: 'team', ...over } });

async function monitored() {
  const clock = new FakeClock();
  const { ctx, controller } = childContext({ signal: new AbortController().signal, clock, log: silentLogger });
  onTestFinished(() => controller.abort());
  const resources = [...builtinResources, crds];
  const api = new MemoryApi(resources, () => clock.now());
  const client = createClient(api);
  const informers = createInformerSet(client);
  const monitor = new ResourceMonitor(client, informers, ctx);
  const told: string[] = [];
  monitor.onChange(({ resource, object, old, deleted }) => {
    told.push(`${deleted ? 'gone' : old ? 'changed' : 'new'} ${resource.resource} ${object.metadata.name}`);
  });
  await informers.start(ctx);
  await monitor.begin();
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  const names = () => monitor.list().map(qualifiedResource);
  return { api, resources, client, ctx, monitor, told, settle, names };
}

it('tells of every change of every object, but not of events', async () => {
  const { client, ctx, told, settle, names } = await monitored();
  expect(names()).toEqual(expect.arrayContaining(['pods', 'deployments.apps', 'namespaces']));
  expect(names()).not.toContain('events');
  const made = await client.resource(configMaps).create(named('a'), {}, ctx);
  await settle();
  await client.resource(configMaps).update({ ...made, metadata: { ...made.metadata, labels: { x: 'y' } } }, {}, ctx);
  await settle();
  await client.resource(configMaps).delete({ namespace: 'team', name: 'a' }, {}, ctx);
  await settle();
  expect(told).toEqual(['new configmaps a', 'changed configmaps a', 'gone configmaps a']);
});

it('tells every listener, whatever another one throws', async () => {
  const { client, ctx, monitor, told, settle } = await monitored();
  const after: string[] = [];
  monitor.onChange(() => {
    throw new Error('not me');
  });
  monitor.onChange(({ object }) => after.push(object.metadata.name!));
  await client.resource(configMaps).create(named('a'), {}, ctx);
  await settle();
  expect([told, after]).toEqual([['new configmaps a'], ['a']]);
});

it('finds objects by uid, and those that they own, of whatever kind', async () => {
  const { client, ctx, monitor, settle } = await monitored();
  const owner = await client.resource(configMaps).create(named('owner'), {}, ctx);
  const { uid } = owner.metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
  await client
    .resource({ group: '', version: 'v1', resource: 'secrets' })
    .create(named('s', { ownerReferences }), {}, ctx);
  await client.resource(configMaps).create(named('c', { ownerReferences }), {}, ctx);
  await settle();
  expect(monitor.byUid(uid!)?.object.metadata.name).toBe('owner');
  expect(monitor.byUid('no-such-uid')).toBeUndefined();
  expect(
    monitor
      .dependentsOf(uid!)
      .map(({ resource, object }) => `${resource.kind} ${object.metadata.name}`)
      .sort(),
  ).toEqual(['ConfigMap c', 'Secret s']);
});

it('follows discovery: what is defined is watched, what is no more is forgotten', async () => {
  const { resources, client, ctx, monitor, told, settle, names } = await monitored();
  expect(monitor.find('example.com/v1', 'Thing')).toBeUndefined();
  resources.push(things);
  await client.resource(crds).create({ metadata: { name: 'things.example.com' } }, {}, ctx);
  await settle();
  expect(monitor.find('example.com/v1', 'Thing')).toMatchObject({ resource: 'things', namespaced: true });
  expect(monitor.find('example.com/v2', 'Thing')).toMatchObject({ version: 'v1' });
  await client.resource(things).create(named('one'), {}, ctx);
  await settle();
  expect(told).toContain('new things one');
  resources.splice(resources.indexOf(things), 1);
  await client.resource(crds).delete({ name: 'things.example.com' }, {}, ctx);
  await settle();
  expect(names()).not.toContain('things.example.com');
});

it('keeps what it knows of a group that does not answer', async () => {
  const { api, resources, client, ctx, settle, names, monitor } = await monitored();
  resources.push(things);
  await monitor.refresh();
  api.beforeRead = ({ path }) => {
    if (path === '/apis/example.com/v1') throw unavailable('nobody is there');
  };
  await client.resource(crds).create({ metadata: { name: 'others.example.org' } }, {}, ctx);
  await settle();
  expect(names()).toContain('things.example.com');
});
