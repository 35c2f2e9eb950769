import type { Pod } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const forSeconds = (tolerationSeconds?: number) => ({
  key: 'mending',
  operator: 'Exists',
  tolerationSeconds,
  effect: 'NoExecute',
});
const pod = (name: string, ...tolerations: object[]): Pod =>
  ({
    metadata: { name },
    spec: { nodeName: 'n1', tolerations, containers: [{ name: 'c', image: 'a' }] },
  }) as unknown as Pod;
const taint = (...keys: string[]) => ({ spec: { taints: keys.map((key) => ({ key, effect: 'NoExecute' })) } });

async function cluster(): Promise<TestCluster> {
  const made = await builtinCluster();
  await made.addNode('n1');
  await made.pass(200);
  return made;
}
const leaving = async (on: TestCluster): Promise<readonly string[]> =>
  (await on.all<Pod>(refs.pods))
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name!)
    .sort();

it('a taint that says no time evicts at once, after the seconds that are tolerated, or never', async () => {
  await using on = await cluster();
  for (const each of [pod('not'), pod('a-while', forSeconds(20)), pod('for-good', forSeconds())])
    await on.make(refs.pods, each);
  await on.patch(refs.nodes, 'n1', taint('mending'));
  await on.pass(1_000);
  expect(await leaving(on)).toEqual(['not']);
  await on.pass(18_000);
  await on.renew('n1');
  expect(await leaving(on)).toEqual(['not']);
  await on.pass(2_000);
  expect(await leaving(on)).toEqual(['a-while', 'not']);
  const evicted = await on.find<Pod>(refs.pods, 'a-while');
  expect(evicted?.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  });
  expect(await on.events('a-while')).toEqual(['TaintManagerEviction: Marking for deletion Pod default/a-while']);
});

it('a taint that goes in time evicts nobody, and says so; one that comes back starts over', async () => {
  await using on = await cluster();
  await on.make(refs.pods, pod('p', forSeconds(20)));
  await on.patch(refs.nodes, 'n1', taint('mending'));
  await on.pass(15_000);
  await on.patch(refs.nodes, 'n1', taint());
  await on.pass(1_000);
  expect(await on.events('p')).toEqual(['TaintManagerEviction: Cancelling deletion of Pod default/p']);
  await on.patch(refs.nodes, 'n1', taint('mending'));
  await on.pass(15_000);
  expect(await leaving(on)).toEqual([]);
  await on.renew('n1');
  await on.pass(6_000);
  expect(await leaving(on)).toEqual(['p']);
});

it('a pod that comes to a tainted node has its time from then on', async () => {
  await using on = await cluster();
  await on.patch(refs.nodes, 'n1', taint('mending'));
  await on.pass(30_000);
  await on.renew('n1');
  await on.make(refs.pods, pod('late', forSeconds(20)));
  await on.pass(18_000);
  expect(await leaving(on)).toEqual([]);
  await on.pass(3_000);
  expect(await leaving(on)).toEqual(['late']);
});
