import type { Pod } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const pod = (
  name: string,
  over: { readonly phase?: string; readonly node?: string; readonly held?: boolean } = {},
): Pod =>
  ({
    // A finalizer keeps it, so that its last status can be read.
    metadata: { name, finalizers: over.held ? ['example.com/held'] : [] },
    spec: { nodeName: over.node ?? 'n1', containers: [{ name: 'c', image: 'a' }] },
    status: { phase: over.phase ?? 'Running' },
  }) as unknown as Pod;
const end = async (on: TestCluster, name: string) => {
  const { metadata, status } = (await on.find<Pod>(refs.pods, name)) ?? {};
  const disruption = status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return [Boolean(metadata?.deletionTimestamp), status?.phase, disruption?.reason, disruption?.message];
};

it('pods of a node that is gone fail after a quarantine, and say why', async () => {
  await using on = await builtinCluster();
  await on.addNode('n1');
  for (const each of [pod('runs', { held: true }), pod('ended', { phase: 'Succeeded', held: true }), pod('free')])
    await on.make(refs.pods, each);
  await on.admin.resource(refs.nodes).delete({ name: 'n1' }, {}, on.ctx);
  await on.pass(38_000);
  expect(await end(on, 'runs')).toEqual([false, 'Running', undefined, undefined]);
  await on.pass(4_000);
  expect(await end(on, 'runs')).toEqual([true, 'Failed', 'DeletionByPodGC', 'PodGC: node no longer exists']);
  expect(await end(on, 'ended')).toEqual([true, 'Succeeded', undefined, undefined]);
  expect(await on.find(refs.pods, 'free')).toBeUndefined();
});

it('a node that comes back in time keeps its pods', async () => {
  await using on = await builtinCluster();
  await on.addNode('n1');
  await on.make(refs.pods, pod('runs'));
  await on.admin.resource(refs.nodes).delete({ name: 'n1' }, {}, on.ctx);
  await on.pass(30_000);
  await on.addNode('n1');
  await on.pass(20_000);
  expect(await end(on, 'runs')).toEqual([false, 'Running', undefined, undefined]);
});

it('pods that leave a node that is out of service are gone at once, for no kubelet will end them', async () => {
  await using on = await builtinCluster();
  await on.addNode('n1');
  await on.addNode('n2');
  await on.make(refs.pods, pod('runs'));
  await on.patch(refs.nodes, 'n1', {
    spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] },
  });
  await on.pass(1_000);
  expect(await end(on, 'runs')).toMatchObject([true, 'Running', 'DeletionByTaintManager', expect.any(String)]);
  for (let waited = 0; waited < 50; waited += 10) {
    await on.renew('n2');
    await on.pass(10_000);
  }
  expect(await on.find(refs.pods, 'runs')).toBeUndefined();
});
