import { createClient, createInformerSet } from '@kubernest/client';
import { builtinResources, Journal, MemoryApi, type MemoryResource } from '@kubernest/client/testing';
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
  const told = new Journal();
  monitor.onChange(({ resource, object, old, deleted }) => {
    told.add(`${deleted ? 'gone' : old ? 'changed' : 'new'} ${resource.resource} ${object.metadata.name}`);
  });
  await informers.start(ctx);
  await monitor.begin();
  const names = () => monitor.list().map(qualifiedResource);
  return { api, resources, client, ctx, monitor, told, names };
}

it('tells of every change of every object, but not of events', async () => {
  const { client, ctx, told, names } = await monitored();
  expect(names()).toEqual(expect.arrayContaining(['pods', 'deployments.apps', 'namespaces']));
  expect(names()).not.toContain('events');
  const made = await client.resource(configMaps).create(named('a'), {}, ctx);
  await client.resource(configMaps).update({ ...made, metadata: { ...made.metadata, labels: { x: 'y' } } }, {}, ctx);
  await client.resource(configMaps).delete({ namespace: 'team', name: 'a' }, {}, ctx);
  expect(await told.next(3)).toEqual(['new configmaps a', 'changed configmaps a', 'gone configmaps a']);
});

it('tells every listener, whatever another one throws', async () => {
  const { client, ctx, monitor, told } = await monitored();
  const after = new Journal();
  monitor.onChange(() => {
    throw new Error('not me');
  });
  monitor.onChange(({ object }) => after.add(object.metadata.name!));
  await client.resource(configMaps).create(named('a'), {}, ctx);
  expect(await told.next(1)).toEqual(['new configmaps a']);
  expect(await after.next(1)).toEqual(['a']);
});

it('finds objects by uid, and those that they own, of whatever kind', async () => {
  const { client, ctx, monitor, told } = await monitored();
  const owner = await client.resource(configMaps).create(named('owner'), {}, ctx);
  const { uid } = owner.metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
  await client
    .resource({ group: '', version: 'v1', resource: 'secrets' })
    .create(named('s', { ownerReferences }), {}, ctx);
  await client.resource(configMaps).create(named('c', { ownerReferences }), {}, ctx);
  await told.next(3);
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
  const { resources, client, ctx, monitor, told, names } = await monitored();
  expect(monitor.find('example.com/v1', 'Thing')).toBeUndefined();
  resources.push(things);
  await client.resource(crds).create({ metadata: { name: 'things.example.com' } }, {}, ctx);
  await client.resource(things).create(named('one'), {}, ctx);
  await told.through((entry) => entry === 'new things one');
  expect(monitor.find('example.com/v1', 'Thing')).toMatchObject({ resource: 'things', namespaced: true });
  expect(monitor.find('example.com/v2', 'Thing')).toMatchObject({ version: 'v1' });
  resources.splice(resources.indexOf(things), 1);
  await client.resource(crds).delete({ name: 'things.example.com' }, {}, ctx);
  while (names().includes('things.example.com')) await new Promise((resolve) => setImmediate(resolve));
  expect(monitor.find('example.com/v1', 'Thing')).toBeUndefined();
});

it('keeps what it knows of a group that does not answer', async () => {
  const { api, resources, client, ctx, told, names, monitor } = await monitored();
  resources.push(things);
  await monitor.refresh();
  api.beforeRead = ({ path }) => {
    if (path === '/apis/example.com/v1') throw unavailable('nobody is there');
  };
  await client.resource(crds).create({ metadata: { name: 'others.example.org' } }, {}, ctx);
  await told.through((entry) => entry.endsWith('others.example.org'));
  await monitor.refresh();
  expect(names()).toContain('things.example.com');
});
