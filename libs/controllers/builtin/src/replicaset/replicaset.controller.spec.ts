import type { Pod, ReplicaSet } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const set = (over: { replicas?: number; serviceAccountName?: string; minReadySeconds?: number } = {}): ReplicaSet => ({
  metadata: { name: 'web' },
  spec: {
    replicas: over.replicas ?? 2,
    minReadySeconds: over.minReadySeconds,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' }, annotations: { note: 'x' } },
      spec: { serviceAccountName: over.serviceAccountName, containers: [{ name: 'c', image: 'a' }] },
    },
  },
});
const bare = (name: string, app: string): Pod =>
  ({ metadata: { name, labels: { app } }, spec: { containers: [{ name: 'c', image: 'a' }] } }) as unknown as Pod;
const owners = (pod: Pod | undefined) =>
  pod?.metadata.ownerReferences?.map(({ kind, name, controller }) => [kind, name, controller]);
async function cluster(): Promise<TestCluster> {
  const made = await builtinCluster();
  await made.addNode('n1');
  await made.converge();
  return made;
}

it('makes pods from the template, named after the set, and tells of each', async () => {
  await using on = await cluster();
  await on.make(refs.replicaSets, set());
  await on.converge();
  const pods = await on.all<Pod>(refs.pods);
  for (const { metadata } of pods) {
    expect(metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(metadata).toMatchObject({ generateName: 'web-', labels: { app: 'web' }, annotations: { note: 'x' } });
    expect(metadata.ownerReferences).toMatchObject([
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', controller: true, blockOwnerDeletion: true },
    ]);
  }
  expect([...(await on.events('web'))].sort()).toEqual(
    pods.map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`).sort(),
  );
  expect((await on.find<ReplicaSet>(refs.replicaSets, 'web'))?.status).toEqual({
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });
});

it('takes in orphans that match instead of making pods, and lets go of what no longer does', async () => {
  await using on = await cluster();
  for (const pod of [bare('mine', 'web'), bare('not-mine', 'other')]) await on.make(refs.pods, pod);
  await on.make(refs.replicaSets, set({ replicas: 1 }));
  await on.converge();
  expect(owners(await on.find(refs.pods, 'mine'))).toEqual([['ReplicaSet', 'web', true]]);
  expect(owners(await on.find(refs.pods, 'not-mine'))).toBeUndefined();
  expect(await on.all(refs.pods)).toHaveLength(2);
  await on.patch(refs.pods, 'mine', { metadata: { labels: { app: 'debugged' } } });
  await on.converge();
  expect(owners(await on.find(refs.pods, 'mine')) ?? []).toEqual([]);
  expect(await on.all(refs.pods)).toHaveLength(3);
});

it('deletes an adopted pod that is one too many, the unready one first, and says so', async () => {
  await using on = await cluster();
  await on.make(refs.replicaSets, set({ replicas: 1 }));
  await on.converge();
  await on.make(refs.pods, bare('late', 'web'));
  await on.pass(1_000);
  expect(await on.find(refs.pods, 'late')).toBeUndefined();
  expect(await on.events('web')).toContain('SuccessfulDelete: Deleted pod: late');
});

it('replaces a pod that failed, and leaves it to be looked at', async () => {
  await using on = await cluster();
  await on.make(refs.replicaSets, set({ replicas: 1 }));
  await on.converge();
  const [first] = await on.all<Pod>(refs.pods);
  await on.patch(refs.pods, first!.metadata.name!, { status: { phase: 'Failed' } }, 'status');
  await on.pass(1_000);
  expect((await on.all<Pod>(refs.pods)).map(({ status }) => status?.phase).sort()).toEqual(['Failed', 'Pending']);
});

it('says why pods cannot be made, once, and takes it back when they can', async () => {
  await using on = await cluster();
  await on.make(refs.replicaSets, set({ serviceAccountName: 'missing' }));
  await on.pass(3_000);
  const words = expect.stringContaining('error looking up service account default/missing');
  expect((await on.find<ReplicaSet>(refs.replicaSets, 'web'))?.status?.conditions).toEqual([
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: words,
      lastTransitionTime: expect.any(String),
    },
  ]);
  expect((await on.events('web'))[0]).toMatch(/^FailedCreate: Error creating: pods "web-/);
  await on.make(refs.serviceAccounts, { metadata: { name: 'missing' } });
  await on.pass(400_000);
  expect((await on.find<ReplicaSet>(refs.replicaSets, 'web'))?.status?.conditions ?? []).toEqual([]);
  expect(await on.all(refs.pods)).toHaveLength(2);
});

it('calls a pod available when it has been ready for minReadySeconds, with nobody asking', async () => {
  await using on = await cluster();
  await on.make(refs.replicaSets, set({ replicas: 1, minReadySeconds: 30 }));
  await on.converge();
  const counts = async () => {
    const { readyReplicas, availableReplicas } = (await on.find<ReplicaSet>(refs.replicaSets, 'web'))?.status ?? {};
    return [readyReplicas, availableReplicas ?? 0];
  };
  expect(await counts()).toEqual([1, 0]);
  await on.pass(30_000);
  expect(await counts()).toEqual([1, 1]);
});
