import type { Deployment, Pod, ReplicaSet } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';
import { find } from './progress.ts';
import { templateHash } from './template-hash.ts';

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
});
const web = (over: Partial<NonNullable<Deployment['spec']>> = {}): Deployment => ({
  metadata: { name: 'web' },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: template('a'), ...over },
});
async function cluster(over: Parameters<typeof web>[0] = {}): Promise<TestCluster> {
  const made = await builtinCluster();
  await made.addNode('n1');
  await made.converge();
  await made.make(refs.deployments, web(over));
  await made.converge();
  return made;
}
const roll = (on: TestCluster, image: string, over: object = {}) =>
  on.patch(refs.deployments, 'web', { spec: { template: template(image), ...over } });
const deploymentOn = async (on: TestCluster) => (await on.find<Deployment>(refs.deployments, 'web'))!;
const condition = async (on: TestCluster, type: string) => {
  const found = find((await deploymentOn(on)).status?.conditions, type);
  return found && `${found.status} ${found.reason}`;
};
/** `image revision[history] size`, by revision. */
const sets = async (on: TestCluster) =>
  (await on.all<ReplicaSet>(refs.replicaSets))
    .map(({ metadata: { annotations = {} }, spec }) => {
      const history = annotations['deployment.kubernetes.io/revision-history'];
      const revision = annotations['deployment.kubernetes.io/revision'];
      return `${spec?.template?.spec?.containers[0]?.image} ${revision}${history ? `[${history}]` : ''} ${spec?.replicas}`;
    })
    .sort();

it('rolls out step by step and tells of each', async () => {
  await using on = await cluster();
  const nameOf = async (image: string) =>
    (await on.all<ReplicaSet>(refs.replicaSets)).find(
      ({ spec }) => spec?.template?.spec?.containers[0]?.image === image,
    )?.metadata.name;
  const a = await nameOf('a');
  expect(await on.events('web')).toEqual([`ScalingReplicaSet: Scaled up replica set ${a} from 0 to 3`]);
  await roll(on, 'b');
  await on.converge();
  const b = await nameOf('b');
  expect(await on.events('web')).toEqual([
    `ScalingReplicaSet: Scaled up replica set ${a} from 0 to 3`,
    `ScalingReplicaSet: Scaled up replica set ${b} from 0 to 1`,
    `ScalingReplicaSet: Scaled down replica set ${a} from 3 to 2`,
    `ScalingReplicaSet: Scaled up replica set ${b} from 1 to 2`,
    `ScalingReplicaSet: Scaled down replica set ${a} from 2 to 1`,
    `ScalingReplicaSet: Scaled up replica set ${b} from 2 to 3`,
    `ScalingReplicaSet: Scaled down replica set ${a} from 1 to 0`,
  ]);
  const { metadata, status } = await deploymentOn(on);
  expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '2' });
  expect(status).toMatchObject({
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
  });
  expect([await condition(on, 'Available'), await condition(on, 'Progressing')]).toEqual([
    'True MinimumReplicasAvailable',
    'True NewReplicaSetAvailable',
  ]);
});

it('goes back to the old set when its template comes back, under a new revision', async () => {
  await using on = await cluster();
  await roll(on, 'b');
  await on.converge();
  await roll(on, 'a');
  await on.converge();
  expect(await sets(on)).toEqual(['a 3[1] 3', 'b 2 0']);
  expect((await deploymentOn(on)).metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3' });
});

it('does not roll out while paused, but scales; then goes on', async () => {
  await using on = await cluster();
  await roll(on, 'b', { paused: true });
  await on.converge();
  expect(await sets(on)).toEqual(['a 1 3']);
  expect(await condition(on, 'Progressing')).toBe('Unknown DeploymentPaused');
  await on.patch(refs.deployments, 'web', { spec: { replicas: 5 } });
  await on.converge();
  expect(await sets(on)).toEqual(['a 1 5']);
  await on.patch(refs.deployments, 'web', { spec: { paused: false } });
  await on.converge();
  expect(await sets(on)).toEqual(['a 1 0', 'b 2 5']);
  expect(await condition(on, 'Progressing')).toBe('True NewReplicaSetAvailable');
});

it('with Recreate runs no new pod beside an old one', async () => {
  await using on = await cluster({ strategy: { type: 'Recreate' } });
  await roll(on, 'b');
  await on.pass(2_000);
  const images = async () => (await on.all<Pod>(refs.pods)).map(({ spec }) => spec?.containers[0]?.image);
  expect(await images()).toEqual(['a', 'a', 'a']);
  await on.converge();
  expect(await images()).toEqual(['b', 'b', 'b']);
});

it('keeps as much history as it may', async () => {
  await using on = await cluster({ revisionHistoryLimit: 1 });
  for (const image of ['b', 'c', 'd']) {
    await roll(on, image);
    await on.converge();
  }
  expect(await sets(on)).toEqual(['c 3 0', 'd 4 3']);
});

it('is stuck when nothing happens until the deadline, and says so once the time is up', async () => {
  await using on = await cluster({ progressDeadlineSeconds: 60 });
  await roll(on, 'b');
  await on.pass(30_000);
  await on.renew('n1');
  expect(await condition(on, 'Progressing')).toBe('True ReplicaSetUpdated');
  await on.pass(35_000);
  expect(await condition(on, 'Progressing')).toBe('False ProgressDeadlineExceeded');
  expect(await condition(on, 'Available')).toBe('True MinimumReplicasAvailable');
  await on.converge();
  expect(await condition(on, 'Progressing')).toBe('True NewReplicaSetAvailable');
});

it('takes another name when its own is taken, and counts that', async () => {
  await using on = await builtinCluster();
  await on.addNode('n1');
  await on.converge();
  const made = await on.make(refs.deployments, web({ paused: true }));
  const name = `web-${atOnce(templateHash(made.spec!.template, undefined))}`;
  const taken = { matchLabels: { app: 'other' } };
  const spec = { replicas: 0, selector: taken, template: { ...template('a'), metadata: { labels: { app: 'other' } } } };
  await on.make(refs.replicaSets, { metadata: { name }, spec } as ReplicaSet);
  await on.patch(refs.deployments, 'web', { spec: { paused: false } });
  await on.converge();
  const { status } = await deploymentOn(on);
  expect([status?.collisionCount, status?.availableReplicas]).toEqual([1, 3]);
  expect((await on.all(refs.replicaSets)).map(({ metadata }) => metadata.name)).toHaveLength(2);
});

it('takes over a set that was there before, counts on from its revision and replaces its pods', async () => {
  await using on = await builtinCluster();
  await on.addNode('n1');
  const labels = { app: 'web', made: 'by-hand' };
  const metadata = {
    name: 'before',
    labels,
    annotations: { 'deployment.kubernetes.io/revision': '3546343826724305832' },
  };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template: { ...template('z'), metadata: { labels } } };
  await on.make(refs.replicaSets, { metadata, spec } as ReplicaSet);
  await on.converge();
  await on.make(refs.deployments, web({ replicas: 1 }));
  await on.converge();
  expect(await sets(on)).toEqual(['a 3546343826724305833 1', 'z 3546343826724305832 0']);
  expect((await deploymentOn(on)).metadata.annotations).toEqual({
    'deployment.kubernetes.io/revision': '3546343826724305833',
  });
  expect((await on.find(refs.replicaSets, 'before'))?.metadata.ownerReferences).toMatchObject([
    { name: 'web', controller: true },
  ]);
});

it('lets go of a set whose labels no longer match and takes it in again', async () => {
  await using on = await cluster();
  const [{ metadata }] = (await on.all<ReplicaSet>(refs.replicaSets)) as [ReplicaSet];
  const owners = async () => (await on.find(refs.replicaSets, metadata.name!))?.metadata.ownerReferences ?? [];
  await on.patch(refs.replicaSets, metadata.name!, { metadata: { labels: { app: 'lost' } } });
  await on.converge();
  expect(await owners()).toEqual([]);
  await on.patch(refs.replicaSets, metadata.name!, { metadata: { labels: { app: 'web' } } });
  await on.converge();
  expect(await owners()).toMatchObject([{ kind: 'Deployment', name: 'web', controller: true }]);
});

it('says that its pods cannot be made', async () => {
  await using on = await cluster({
    template: { ...template('a'), spec: { ...template('a').spec, serviceAccountName: 'missing' } },
  });
  expect(await condition(on, 'ReplicaFailure')).toBe('True FailedCreate');
  expect(await condition(on, 'Available')).toBe('False MinimumReplicasUnavailable');
});
