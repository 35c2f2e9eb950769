import type { EndpointSlice, Endpoints, Pod, Service } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';
import { TRIGGER_TIME } from '../shared/trigger-times.ts';

const service = (name: string, spec: object = { selector: { app: 'web' } }): Service =>
  ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } }) as unknown as Service;
const pod = (name: string): Pod =>
  ({ metadata: { name, labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'a' }] } }) as unknown as Pod;
async function cluster(): Promise<TestCluster> {
  const made = await builtinCluster();
  await made.addNode('n1');
  await made.converge();
  return made;
}
const slicesOf = async (on: TestCluster, name: string) =>
  (await on.all<EndpointSlice>(refs.endpointSlices, 'default')).filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name,
  );
const readyIn = async (on: TestCluster, name: string) =>
  (await slicesOf(on, name)).flatMap(
    ({ endpoints }) => endpoints?.filter(({ conditions }) => conditions?.ready).length,
  );

it('slices and Endpoints follow pods as they come, fail, change their labels and go', async () => {
  await using on = await cluster();
  await on.make(refs.services, service('web'));
  for (const name of ['a', 'b', 'c']) await on.make(refs.pods, pod(name));
  await on.converge();
  const addresses = async () =>
    (await on.find<Endpoints>(refs.endpoints, 'web'))?.subsets?.flatMap((subset) => subset.addresses ?? []).length;
  expect([await readyIn(on, 'web'), await addresses()]).toEqual([[3], 3]);
  await on.patch(refs.pods, 'a', { metadata: { labels: { app: 'debugged' } } });
  await on.patch(refs.pods, 'b', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, 'status');
  await on.pass(1_000);
  expect([await readyIn(on, 'web'), await addresses()]).toEqual([[1], 1]);
  await on.admin.resource(refs.pods).delete({ namespace: 'default', name: 'c' }, {}, on.ctx);
  await on.pass(1_000);
  const [slice] = await slicesOf(on, 'web');
  expect(slice?.endpoints?.map(({ targetRef, conditions }) => [targetRef?.name, conditions])).toEqual([
    ['b', { ready: false, serving: false, terminating: false }],
    ['c', { ready: false, serving: true, terminating: true }],
  ]);
});

it('they are gone with their service', async () => {
  await using on = await cluster();
  await on.make(refs.services, service('web'));
  await on.converge();
  await on.admin.resource(refs.services).delete({ namespace: 'default', name: 'web' }, {}, on.ctx);
  await on.pass(2_000);
  expect([await slicesOf(on, 'web'), await on.find(refs.endpoints, 'web')]).toEqual([[], undefined]);
});

it('Endpoints whose service went while nobody looked are gone at the next start; those of people stay', async () => {
  await using on = await cluster();
  await on.stop();
  const keeper = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
  await on.make(refs.endpoints, { metadata: { name: 'left', labels: keeper } });
  await on.make(refs.endpoints, { metadata: { name: 'own' } });
  await on.run();
  await on.pass(1_000);
  expect((await on.all(refs.endpoints, 'default')).map(({ metadata }) => metadata.name)).toEqual(['own']);
});

it.each([
  ['without a selector', {}],
  ['of another name', { type: 'ExternalName', externalName: 'example.com', selector: { app: 'web' } }],
])('a service %s is left to people', async (_what, spec) => {
  await using on = await cluster();
  await on.make(refs.services, service('web', spec));
  await on.make(refs.pods, pod('a'));
  await on.converge();
  expect([await slicesOf(on, 'web'), await on.find(refs.endpoints, 'web')]).toEqual([[], undefined]);
});

it('say when what they follow changed, and keep what people noted on them', async () => {
  await using on = await cluster();
  await on.make(refs.services, service('web'));
  await on.converge();
  const madeAt = (await on.find(refs.services, 'web'))?.metadata.creationTimestamp;
  const noted = async () => [
    (await slicesOf(on, 'web'))[0]?.metadata.annotations,
    (await on.find(refs.endpoints, 'web'))?.metadata.annotations,
  ];
  expect(await noted()).toEqual([{ [TRIGGER_TIME]: madeAt }, { [TRIGGER_TIME]: madeAt }]);
  await on.patch(refs.endpoints, 'web', { metadata: { annotations: { note: 'x' } } });
  await on.make(refs.pods, pod('a'));
  await on.converge();
  const readyAt = (await on.find<Pod>(refs.pods, 'a'))?.status?.conditions?.find(
    ({ type }) => type === 'Ready',
  )?.lastTransitionTime;
  expect(await noted()).toEqual([{ [TRIGGER_TIME]: readyAt }, { [TRIGGER_TIME]: readyAt, note: 'x' }]);
  await on.admin.resource(refs.pods).delete({ namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 }, on.ctx);
  await on.pass(1_000);
  expect(await noted()).toEqual([undefined, { note: 'x' }]);
});
