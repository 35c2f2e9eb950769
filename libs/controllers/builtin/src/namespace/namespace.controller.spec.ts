import { builtinKinds, type Deployment, type Namespace, type Pod } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { lampKind, lampRef } from '../shared/crd.fixture.ts';
import { refs } from '../shared/refs.ts';

const named = (name: string, held = false) => ({
  metadata: { name, namespace: 'going', ...(held ? { finalizers: ['example.com/held'] } : {}) },
});
const pod = { ...named('p'), spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'a' }] } } as unknown as Pod;
const web: Deployment = {
  ...named('web'),
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'a' }] } },
  },
};
async function cluster(): Promise<TestCluster> {
  const made = await builtinCluster();
  await made.addNode('n1');
  await made.make(refs.namespaces, { metadata: { name: 'going' } });
  await made.converge();
  return made;
}
const remove = (on: TestCluster) => on.admin.resource(refs.namespaces).delete({ name: 'going' }, {}, on.ctx);
const said = async (on: TestCluster, type: string) => {
  const { status } = (await on.find<Namespace>(refs.namespaces, 'going')) ?? {};
  return [status?.phase, status?.conditions?.find((condition) => condition.type === type)?.message];
};

it('all that is in a namespace goes with it, and nothing is made in it meanwhile', async () => {
  await using on = await cluster();
  for (const [ref, object] of [
    [refs.configMaps, named('c')],
    [refs.services, { ...named('s'), spec: { ports: [{ port: 80 }], selector: { app: 'web' } } }],
    [refs.deployments, web],
  ] as const)
    await on.make(ref, object);
  await on.converge();
  await remove(on);
  await on.converge();
  expect((await on.all(refs.namespaces)).map(({ metadata }) => metadata.name)).not.toContain('going');
  for (const ref of [
    refs.pods,
    refs.replicaSets,
    refs.deployments,
    refs.services,
    refs.endpointSlices,
    refs.serviceAccounts,
  ])
    expect((await on.all(ref)).filter(({ metadata }) => metadata.namespace === 'going')).toEqual([]);
});

it('a kind of somebody else that is called events goes with it as well', async () => {
  await using on = await cluster();
  const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
  const names = { version: 'v1', plural: 'events', singular: 'happening', kind: 'Happening' };
  on.catalog.apply({ served: [{ ...configMap, ...names, group: 'example.test', shortNames: [] }] });
  const ref = { group: 'example.test', version: 'v1', resource: 'events', namespaced: true };
  await on.make(ref, named('e'));
  await on.converge();
  await remove(on);
  await on.converge();
  expect(await on.all(ref)).toEqual([]);
});

it('pods go first: what they need stays as long as one is left, and the conditions say what is', async () => {
  await using on = await cluster();
  await on.make(refs.configMaps, named('needed'));
  await on.make(refs.pods, pod);
  await remove(on);
  await on.pass(1_000);
  expect(await said(on, 'NamespaceContentRemaining')).toEqual([
    'Terminating',
    'Some resources are remaining: pods. has 1 resource instances',
  ]);
  expect(await on.find(refs.configMaps, 'needed')).toBeDefined();
  await on.admin.resource(refs.pods).delete({ namespace: 'going', name: 'p' }, { gracePeriodSeconds: 0 }, on.ctx);
  await on.pass(2_000);
  expect(await said(on, 'NamespaceContentRemaining')).toEqual([undefined, undefined]);
});

it('a finalizer of somebody holds it up, and the conditions name it', async () => {
  await using on = await cluster();
  await on.make(refs.configMaps, named('held', true));
  await remove(on);
  await on.pass(1_000);
  expect(await said(on, 'NamespaceFinalizersRemaining')).toEqual([
    'Terminating',
    'Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances',
  ]);
  expect(await said(on, 'NamespaceContentRemaining')).toEqual([
    'Terminating',
    'Some resources are remaining: configmaps. has 1 resource instances',
  ]);
  const key = { namespace: 'going', name: 'held' };
  await on.admin
    .resource(refs.configMaps)
    .patch(key, { type: 'merge', body: { metadata: { finalizers: null } } }, {}, on.ctx);
  await on.pass(2_000);
  expect(await on.find(refs.namespaces, 'going')).toBeUndefined();
});

it('a server that hangs is not waited for: what else there is goes, and the conditions name it', async () => {
  await using on = await cluster();
  on.catalog.apply({ served: [lampKind] });
  await on.make(refs.configMaps, named('c'));
  await on.admin.resource(lampRef).create(named('lamp'), {}, on.ctx);
  const hanging = Promise.withResolvers<void>();
  on.traffic.gate = ({ path }) => (path.includes('/lamps') ? hanging.promise : undefined);
  await remove(on);
  await on.pass(10_000);
  expect(await said(on, 'NamespaceDeletionContentFailure')).toEqual([
    'Terminating',
    'Failed to delete all resource types, 1 remaining: lamps.example.com: lamps.example.com did not answer within 10 s',
  ]);
  expect((await on.all(refs.configMaps)).map(({ metadata }) => metadata.name)).not.toContain('c');
  hanging.resolve();
  await on.pass(20_000);
  expect(await on.find(refs.namespaces, 'going')).toBeUndefined();
  expect((await on.admin.resource(lampRef).list({}, on.ctx)).items).toEqual([]);
});
