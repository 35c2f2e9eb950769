import { createClient, createInformerSet } from '@kubernest/client';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { FakeClock, turnsTaken } from '@kubernest/kit';
import { type KubeObject, qualifiedResource, unavailable } from '@kubernest/meta';
import { Journal, Traffic, testServer } from '@kubernest/testkit/server';
import { expect, it, onTestFinished } from 'vitest';
import { ResourceMonitor } from './all-resources.ts';

const things = { group: 'example.com', version: 'v1', resource: 'things' };
/** What somebody has defined. */
const thing: ResourceDefinition = {
  ...builtinKinds.find(({ kind }) => kind === 'ConfigMap')!,
  ...{ group: 'example.com', version: 'v1', kind: 'Thing', plural: 'things', singular: 'thing', shortNames: [] },
};
const apiServices = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' };
const apiService: KubeObject = {
  metadata: { name: 'v1.example.com' },
  spec: { group: 'example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 15 },
} as KubeObject;
const crds = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
const definitionOf = (plural: string, group: string): KubeObject => {
  const names = { plural, singular: `${plural}1`, kind: 'Defined', listKind: 'DefinedList' };
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } };
  const spec = { group, scope: 'Namespaced', names, versions: [version] };
  return { metadata: { name: `${plural}.${group}` }, spec } as KubeObject;
};
const configMaps = { group: '', version: 'v1', resource: 'configmaps' };
const named = (name: string, over: object = {}): KubeObject => ({ metadata: { name, namespace: 'team', ...over } });

async function monitored() {
  const clock = new FakeClock(undefined, turnsTaken);
  const server = await testServer({ clock });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { ctx } = server;
  const { catalog } = server.server;
  const traffic = new Traffic();
  const client = createClient(traffic.before(server.transport()));
  const informers = createInformerSet(client);
  const monitor = new ResourceMonitor(client, informers, ctx);
  const told = new Journal();
  monitor.onChange(({ resource, object, old, deleted }) => {
    told.add(`${deleted ? 'gone' : old ? 'changed' : 'new'} ${resource.resource} ${object.metadata.name}`);
  });
  await informers.start(ctx);
  await monitor.begin();
  const names = () => monitor.list().map(qualifiedResource);
  return { traffic, catalog, clock, client, ctx, monitor, told, names };
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

/** Time passes until discovery was asked once more. */
async function lookedAgain(traffic: Traffic, clock: FakeClock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = traffic.beforeRead;
  traffic.beforeRead = (call) => {
    if (call.path === '/apis') resolve();
    before(call);
  };
  await clock.advance(30_000);
  await promise;
  traffic.beforeRead = before;
}

it('follows discovery: what is defined is watched, what is no more is forgotten and watched no longer', async () => {
  const { traffic, catalog, clock, client, ctx, monitor, told, names } = await monitored();
  const watches = traffic.watching;
  expect(monitor.find('example.com/v1', 'Thing')).toBeUndefined();
  catalog.apply({ served: [thing] });
  await client.resource(crds).create(definitionOf('things', 'example.com'), {}, ctx);
  await told.through((entry) => entry === 'new customresourcedefinitions things.example.com');
  await clock.advance(200);
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'owner' }];
  const { uid } = (await client.resource(things).create(named('one', { ownerReferences }), {}, ctx)).metadata;
  await told.through((entry) => entry === 'new things one');
  expect(monitor.find('example.com/v1', 'Thing')).toMatchObject({ resource: 'things', namespaced: true });
  expect(monitor.find('example.com/v2', 'Thing')).toMatchObject({ version: 'v1' });
  expect([monitor.get(things, 'team/one')?.metadata.uid, monitor.dependentsOf('owner').length]).toEqual([uid, 1]);
  catalog.apply({ gone: [thing] });
  await monitor.refresh();
  expect(names()).not.toContain('things.example.com');
  expect(monitor.find('example.com/v1', 'Thing')).toBeUndefined();
  expect([monitor.byUid(uid!), monitor.get(things, 'team/one'), monitor.dependentsOf('owner')]).toEqual([
    undefined,
    undefined,
    [],
  ]);
  expect(traffic.watching).toBe(watches);
  // Nobody was told that it is deleted.
  await client.resource(configMaps).create(named('after'), {}, ctx);
  expect(await told.through((entry) => entry === 'new configmaps after')).not.toContain('gone things one');
});

it('asks once, however many definitions come together, and begins what they add', async () => {
  const { traffic, catalog, clock, client, ctx, told, names } = await monitored();
  const asked: string[] = [];
  traffic.beforeRead = ({ path }) => {
    if (path === '/apis') asked.push(path);
  };
  const plurals = Array.from({ length: 20 }, (_, i) => `things${i}`);
  catalog.apply({ served: plurals.map((plural) => ({ ...thing, plural })) });
  for (const plural of plurals) await client.resource(crds).create(definitionOf(plural, 'example.com'), {}, ctx);
  await told.through((entry) => entry === 'new customresourcedefinitions things19.example.com');
  expect(asked).toEqual([]);
  await clock.advance(200);
  await turnsTaken();
  expect(names()).toEqual(expect.arrayContaining(plurals.map((plural) => `${plural}.example.com`)));
  expect(asked).toHaveLength(1);
});

it('follows what is served in another version anew', async () => {
  const { catalog, client, ctx, monitor, told } = await monitored();
  catalog.apply({ served: [thing] });
  await monitor.refresh();
  const { uid } = (await client.resource(things).create(named('one'), {}, ctx)).metadata;
  await told.through((entry) => entry === 'new things one');
  catalog.apply({ served: [{ ...thing, version: 'v2' }], gone: [thing] });
  await monitor.refresh();
  expect(monitor.find('example.com/v1', 'Thing')).toMatchObject({ version: 'v2' });
  await told.through((entry) => entry === 'new things one');
  expect(monitor.byUid(uid!)?.resource.version).toBe('v2');
});

it('is not complete as long as something that it follows has not been listed, but waits in vain for no longer than is fit', async () => {
  const { traffic, catalog, clock, monitor } = await monitored();
  expect(monitor.isComplete).toBe(true);
  catalog.apply({ served: [thing] });
  traffic.beforeRead = ({ path }) => {
    if (path.startsWith('/apis/example.com/v1/things')) throw unavailable('nobody converts');
  };
  await monitor.refresh();
  expect(monitor.isComplete).toBe(false);
  await clock.advance(10_000);
  expect(monitor.isComplete).toBe(true);
});

it('begins few of what one server claims to serve at once, whatever others serve', async () => {
  const { traffic, catalog, clock, monitor, names } = await monitored();
  const claimed = Array.from({ length: 100 }, (_, i) => ({ ...thing, plural: `things${i}`, kind: `Thing${i}` }));
  catalog.apply({ served: [...claimed, { ...thing, group: 'other.example.com' }] });
  const asked = new Set<string>();
  traffic.beforeRead = ({ path }) => {
    if (!path.includes('/things')) return;
    asked.add(path.split('?', 1)[0]!);
    throw unavailable('nobody answers');
  };
  await monitor.refresh();
  await turnsTaken();
  expect(names()).toEqual(expect.arrayContaining(['things99.example.com', 'things.other.example.com']));
  expect([asked.size, asked.has('/apis/other.example.com/v1/things')]).toEqual([33, true]);
  await clock.advance(10_000);
  await turnsTaken();
  expect([monitor.isComplete, asked.size]).toEqual([true, 65]);
  // What has gone before its turn came is never asked.
  catalog.apply({ gone: claimed });
  await monitor.refresh();
  await clock.advance(60_000);
  await turnsTaken();
  expect(asked.size).toBe(65);
});

it('looks again from time to time, as something may be served without a word', async () => {
  const { traffic, catalog, clock, client, ctx, told } = await monitored();
  catalog.apply({ served: [thing] });
  await client.resource(things).create(named('one'), {}, ctx);
  await lookedAgain(traffic, clock);
  await told.through((entry) => entry === 'new things one');
});

it('asks a server that was away again as soon as its APIService changes', async () => {
  const { traffic, catalog, clock, client, ctx, told, monitor } = await monitored();
  catalog.apply({ served: [thing] });
  await client.resource(things).create(named('one'), {}, ctx);
  const made = await client.resource(apiServices).create(apiService, {}, ctx);
  traffic.beforeRead = ({ path }) => {
    if (path.startsWith('/apis/example.com/v1/')) throw unavailable('nobody is there');
  };
  await monitor.refresh();
  await clock.advance(60_000);
  traffic.beforeRead = () => {};
  await client
    .resource(apiServices)
    .update({ ...made, metadata: { ...made.metadata, labels: { is: 'back' } } }, {}, ctx);
  await told.through((entry) => entry === 'new things one');
});

it('looks again soon after an APIService has changed: its server has been asked by then', async () => {
  const { catalog, clock, client, ctx, told, monitor } = await monitored();
  await monitor.refresh();
  await client.resource(apiServices).create(apiService, {}, ctx);
  await told.through((entry) => entry === 'new apiservices v1.example.com');
  await monitor.refresh();
  catalog.apply({ served: [thing] });
  await client.resource(things).create(named('one'), {}, ctx);
  await clock.advance(2_000);
  await told.through((entry) => entry === 'new things one');
});

it('asks again after a fault, until there is an answer', async () => {
  const { traffic, catalog, clock, client, ctx, told, monitor } = await monitored();
  catalog.apply({ served: [thing] });
  let faults = 3;
  traffic.beforeRead = ({ path }) => {
    if (path === '/apis' && faults-- > 0) throw unavailable('nobody is there');
  };
  const refreshed = monitor.refresh();
  await turnsTaken();
  await clock.advance(4_000);
  await refreshed;
  await client.resource(things).create(named('one'), {}, ctx);
  await told.through((entry) => entry === 'new things one');
  expect(faults).toBeLessThan(0);
});

it('keeps what it knows of a group that does not answer', async () => {
  const { traffic, catalog, client, ctx, told, names, monitor } = await monitored();
  catalog.apply({ served: [thing] });
  await monitor.refresh();
  traffic.beforeRead = ({ path }) => {
    if (path === '/apis/example.com/v1') throw unavailable('nobody is there');
  };
  await client.resource(crds).create(definitionOf('others', 'example.org'), {}, ctx);
  await told.through((entry) => entry.endsWith('others.example.org'));
  await monitor.refresh();
  expect(names()).toContain('things.example.com');
});
