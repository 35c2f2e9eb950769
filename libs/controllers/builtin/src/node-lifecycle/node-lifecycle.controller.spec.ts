import type { Node, Pod } from '@kubernest/kinds';
import type { TestCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { builtinCluster } from '../shared/builtin-cluster.fixture.ts';
import { refs } from '../shared/refs.ts';

const pod = (name: string, nodeName: string): Pod =>
  ({
    metadata: { name },
    spec: { nodeName, containers: [{ name: 'c', image: 'a' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }) as unknown as Pod;
const taints = async (on: TestCluster, name: string) =>
  (await on.find<Node>(refs.nodes, name))?.spec?.taints?.map(
    ({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`,
  ) ?? [];
const condition = async (on: TestCluster, name: string, type = 'Ready') => {
  const found = (await on.find<Node>(refs.nodes, name))?.status?.conditions?.find((one) => one.type === type);
  return found && `${found.status} ${found.reason ?? ''}`.trim();
};
const readyPod = async (on: TestCluster) =>
  (await on.find<Pod>(refs.pods, 'p'))?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
/** The kubelets of these nodes live on, those of others are silent. */
async function pass(on: TestCluster, seconds: number, ...alive: string[]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 10) {
    for (const name of alive) await on.renew(name);
    await on.pass(10_000);
  }
}
async function cluster(...names: string[]): Promise<TestCluster> {
  const made = await builtinCluster();
  for (const name of names) await made.addNode(name);
  await made.pass(1_000);
  return made;
}

it('a kubelet that is silent is not believed any more, nor are its pods, until it speaks again', async () => {
  await using on = await cluster('n1', 'n2');
  await on.make(refs.pods, pod('p', 'n1'));
  const ready = () => readyPod(on);
  await pass(on, 30, 'n2');
  expect([await condition(on, 'n1'), await taints(on, 'n1'), await ready()]).toEqual(['True', [], 'True']);
  await pass(on, 20, 'n2');
  expect([await condition(on, 'n1'), await ready()]).toEqual(['Unknown NodeStatusUnknown', 'False']);
  expect(await condition(on, 'n1', 'DiskPressure')).toBe('Unknown NodeStatusNeverUpdated');
  expect(await taints(on, 'n1')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
  expect([await condition(on, 'n2'), await taints(on, 'n2')]).toEqual(['True', []]);
  expect(await on.events('n1')).toEqual([
    'RegisteredNode: Node n1 event: Registered Node n1 in Controller',
    'NodeNotReady: Node n1 status is now: NodeNotReady',
  ]);
  expect(await on.events('p')).toEqual(['NodeNotReady: Node is not ready']);
  await on.renew('n1');
  await on.patch(refs.nodes, 'n1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, 'status');
  await pass(on, 10, 'n1', 'n2');
  expect([await condition(on, 'n1'), await taints(on, 'n1')]).toEqual(['True', []]);
});

it('a kubelet that lives speaks for its pods, though its node is still given up for lost', async () => {
  await using on = await cluster('n1', 'n2');
  await on.make(refs.pods, pod('p', 'n1'));
  await pass(on, 50, 'n2');
  expect([await condition(on, 'n1'), await readyPod(on)]).toEqual(['Unknown NodeStatusUnknown', 'False']);
  await pass(on, 10, 'n1', 'n2');
  await on.patch(refs.pods, 'p', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, 'status');
  await pass(on, 10, 'n1', 'n2');
  expect([await condition(on, 'n1'), await readyPod(on)]).toEqual(['Unknown NodeStatusUnknown', 'True']);
  await pass(on, 50, 'n2');
  expect(await readyPod(on)).toBe('False');
});

it('of a time in which the control plane stood still it holds nothing against a kubelet', async () => {
  await using on = await cluster('n1', 'n2');
  await on.make(refs.pods, pod('p', 'n1'));
  const found = async () => [await condition(on, 'n1'), await taints(on, 'n1'), await readyPod(on)];
  await pass(on, 20, 'n2');
  for (let i = 0; i < 3; i++) {
    await on.clock.stall(600_000);
    await on.renew('n2');
  }
  expect(await found()).toEqual(['True', [], 'True']);
  expect(await on.events('n1')).toEqual(['RegisteredNode: Node n1 event: Registered Node n1 in Controller']);
  await pass(on, 30, 'n2');
  expect(await found()).toEqual([
    'Unknown NodeStatusUnknown',
    ['unreachable:NoSchedule', 'unreachable:NoExecute'],
    'False',
  ]);
});

it('a kubelet whose signs of life the cache does not know yet is not given up', async () => {
  await using on = await cluster('n1');
  const late: (() => void)[] = [];
  on.traffic.hand = (path, event) => (path.includes('/leases') ? void late.push(event) : event());
  await pass(on, 100, 'n1');
  expect(await condition(on, 'n1')).toBe('True');
  expect(late).not.toEqual([]);
  for (const event of late) event();
  await pass(on, 60);
  expect(await condition(on, 'n1')).toBe('Unknown NodeStatusUnknown');
});

it('pods leave a node that stays silent after their five minutes', async () => {
  await using on = await cluster('n1', 'n2');
  await on.make(refs.pods, pod('p', 'n1'));
  await pass(on, 320, 'n2');
  expect((await on.find(refs.pods, 'p'))?.metadata.deletionTimestamp).toBeUndefined();
  await pass(on, 40, 'n2');
  expect((await on.find(refs.pods, 'p'))?.metadata.deletionTimestamp).toBeDefined();
});

it('evicts nobody when every node is silent: it may be the control plane that is cut off', async () => {
  await using on = await cluster('n1');
  await on.make(refs.pods, pod('p', 'n1'));
  await pass(on, 500);
  expect(await taints(on, 'n1')).toEqual(['unreachable:NoSchedule']);
  expect((await on.find(refs.pods, 'p'))?.metadata.deletionTimestamp).toBeUndefined();
});

it('a node that says itself that it is not ready evicts under another name; of its pods its kubelet speaks', async () => {
  await using on = await cluster('n1', 'n2');
  await on.make(refs.pods, pod('p', 'n1'));
  await on.patch(
    refs.nodes,
    'n1',
    { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady' }] } },
    'status',
  );
  await pass(on, 10, 'n1', 'n2');
  expect(await taints(on, 'n1')).toEqual(['not-ready:NoSchedule', 'not-ready:NoExecute']);
  expect(await condition(on, 'n1')).toBe('False KubeletNotReady');
  expect(await readyPod(on)).toBe('True');
  await pass(on, 50, 'n2');
  expect([await condition(on, 'n1'), await readyPod(on)]).toEqual(['Unknown NodeStatusUnknown', 'False']);
});

it('a node whose kubelet never speaks is unknown after a minute', async () => {
  await using on = await cluster('n2');
  await on.make(refs.nodes, { metadata: { name: 'mute' } });
  await pass(on, 50, 'n2');
  expect(await taints(on, 'mute')).toEqual(['not-ready:NoSchedule']);
  await pass(on, 20, 'n2');
  expect(await condition(on, 'mute')).toBe('Unknown NodeStatusNeverUpdated');
  expect(await taints(on, 'mute')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute']);
});

it('tells of a node that goes, and does not introduce one again that an earlier leader knew', async () => {
  await using on = await cluster('n1');
  await pass(on, 20, 'n1');
  await on.stop();
  await on.run();
  await on.pass(1_000);
  await on.admin.resource(refs.nodes).delete({ name: 'n1' }, {}, on.ctx);
  await on.pass(1_000);
  expect(await on.events('n1')).toEqual([
    'RegisteredNode: Node n1 event: Registered Node n1 in Controller',
    'RemovingNode: Node n1 event: Removing Node n1 from Controller',
  ]);
});
