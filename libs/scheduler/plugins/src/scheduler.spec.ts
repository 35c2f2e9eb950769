import type { Node, Pod } from '@kubernest/kinds';
import { nodesRef, podsRef, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import { expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';
import { SchedulerCluster } from './scheduler-cluster.fixture.ts';

it('binds a pod and says so', async () => {
  await using on = await SchedulerCluster.start();
  await on.addNode('n1');
  await on.addPod('p');
  await on.placed('p', 'n1');
  await on.said('p Scheduled: Successfully assigned default/p to n1');
  expect(on.events).toHaveLength(1);
});

it('says in event and condition why no node fits, and binds when one does', async () => {
  await using on = await SchedulerCluster.start();
  await on.addPod('p');
  await on.placed('p', 'False Unschedulable: no nodes available to schedule pods');
  await on.addNode('small', {}, '500m');
  await on.addNode('tainted', { taints: [{ key: 'team', value: 'x', effect: 'NoSchedule' }] });
  await on.addNode('cordoned', { unschedulable: true });
  const why =
    '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.';
  await on.placed('p', `False Unschedulable: ${why}`);
  await on.said(`p FailedScheduling: ${why}`);
  const pod = await on.client.resource<Pod>(podsRef).fetch({ namespace: 'default', name: 'p' }, on.ctx);
  expect(pod.status?.conditions).toMatchObject([{ type: 'PodScheduled', observedGeneration: pod.metadata.generation }]);
  expect(pod.metadata.generation).toBe(1);
  await on.patch(nodesRef, 'cordoned', { spec: { unschedulable: null } });
  await on.placed('p', 'cordoned');
});

it.each<[string, (on: SchedulerCluster) => Promise<unknown>]>([
  ['a pod goes', (on) => on.remove('first')],
  ['a pod ends', (on) => on.patch(podsRef, 'first', { status: { phase: 'Succeeded' } }, 'status')],
  [
    'the node grows',
    async (on) => {
      const node = await on.client.resource<Node>(nodesRef).fetch({ name: 'n1' }, on.ctx);
      const allocatable = { ...node.status?.allocatable, cpu: '4' };
      await on.client
        .resource<Node>(nodesRef)
        .updateStatus({ ...node, status: { ...node.status, allocatable } }, {}, on.ctx);
    },
  ],
  ['another node comes', (on) => on.addNode('n2')],
])('binds a pod that waits for room when %s', async (_what, change) => {
  await using on = await SchedulerCluster.start();
  await on.addNode('n1');
  await on.addPod('first', {}, '2');
  await on.addPod('second', {}, '2');
  await on.placed('second', 'False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
  await change(on);
  await on.placed('second', /^n[12]$/);
});

it('binds a pod that waits for company when that comes, in a namespace of the right labels', async () => {
  await using on = await SchedulerCluster.start();
  await on.addNode('n1', {}, '4', { zone: 'east' });
  const namespaces = on.client.resource({ group: '', version: 'v1', resource: 'namespaces' });
  await namespaces.create({ metadata: { name: 'data', labels: { team: 'x' } } }, {}, on.ctx);
  const term = {
    topologyKey: 'zone',
    labelSelector: { matchLabels: { app: 'db' } },
    namespaceSelector: { matchLabels: { team: 'x' } },
  };
  await on.addPod('p', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
  const alone = "False Unschedulable: 0/1 nodes are available: 1 node(s) didn't match pod affinity rules.";
  await on.placed('p', alone);
  await on.addPod('db-elsewhere', {}, '1', { labels: { app: 'db' } });
  await on.placed('db-elsewhere', 'n1');
  await on.looked();
  expect(on.place('p')).toBe(alone);
  await on.addPod('db', {}, '1', { namespace: 'data', labels: { app: 'db' } });
  await on.placed('p', 'n1');
});

it('leaves a gated pod alone until its last gate is gone, and tells no failure', async () => {
  await using on = await SchedulerCluster.start();
  await on.addNode('n1');
  await on.addPod('p', { schedulingGates: [{ name: 'a' }, { name: 'b' }] });
  const gated = 'False SchedulingGated: Scheduling is blocked due to non-empty scheduling gates';
  await on.placed('p', gated);
  await on.patch(podsRef, 'p', { spec: { schedulingGates: [{ name: 'b' }] } });
  await on.looked();
  expect(on.place('p')).toBe(gated);
  await on.patch(podsRef, 'p', { spec: { schedulingGates: null } });
  await on.placed('p', 'n1');
  await on.said('p Scheduled: Successfully assigned default/p to n1');
  expect(on.events.filter((event) => event.startsWith('p '))).toHaveLength(1);
});

it('leaves the pods of other schedulers, and those that are to go, alone', async () => {
  await using on = await SchedulerCluster.start();
  await on.addPod('theirs', { schedulerName: 'mine' });
  await on.addPod('leaves', {}, '1', { finalizers: ['example.com/held'] });
  await on.placed('leaves', 'False Unschedulable: no nodes available to schedule pods');
  await on.remove('leaves');
  await on.addNode('n1');
  await on.clock.advance(60_000);
  await on.looked();
  expect([on.place('theirs'), on.place('leaves')]).toEqual([
    undefined,
    'False Unschedulable: no nodes available to schedule pods',
  ]);
  expect(on.bindings.filter((path) => /theirs|leaves/.test(path))).toEqual([]);
});

it('binds the more important of two waiting pods first', async () => {
  await using on = await SchedulerCluster.start();
  await on.addPod('low', { priority: 0 }, '2');
  await on.addPod('high', { priority: 100 }, '2');
  await on.addNode('n1');
  await on.placed('high', 'n1');
  await on.placed('low', 'False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
});

it('counts pods that somebody else has bound', async () => {
  await using on = await SchedulerCluster.start();
  await on.addNode('n1');
  await on.addPod('bound', { nodeName: 'n1' }, '2');
  await on.addPod('p');
  await on.placed('p', 'False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
});

const isBad = (name: string | undefined): boolean => name === 'bad';
const thrown = (): never => {
  throw new Error('it broke');
};
const faulty: readonly [string, Partial<SchedulerPlugin>][] = [
  ['gate', { gate: (pod) => (isBad(pod.metadata.name) ? thrown() : undefined) }],
  ['prepare', { prepare: (pod) => (isBad(pod.metadata.name) ? thrown() : undefined) }],
  ['filter', { filter: (pod) => (isBad(pod.metadata.name) ? thrown() : undefined) }],
  ['score', { score: (pod) => (isBad(pod.metadata.name) ? thrown() : 1) }],
  ['reserve', { reserve: (pod) => (isBad(pod.metadata.name) ? thrown() : () => {}) }],
];

/** Takes a place in a plugin's own books, to be seen in them. */
const bookkeeper = (books: string[]): SchedulerPlugin => ({
  name: 'bookkeeper',
  unblockedBy: [],
  reserve: ({ metadata: { name = '' } }) => {
    books.push(`took ${name}`);
    return () => books.push(`gave back ${name}`);
  },
});

it.each(faulty)(
  'a plugin that throws in %s sets that one pod aside, which is told, and tried again later',
  async (step, steps) => {
    const books: string[] = [];
    let broken = true;
    const mended = Object.fromEntries(
      Object.entries(steps).map(([name, ask]) => {
        const sound = name === 'score' ? () => 1 : name === 'reserve' ? () => () => {} : () => undefined;
        return [name, (...args: never[]) => (broken ? (ask as (...all: never[]) => unknown)(...args) : sound())];
      }),
    );
    const plugin: SchedulerPlugin = { name: 'faulty', unblockedBy: [], ...mended };
    await using on = await SchedulerCluster.start([...builtinPlugins, bookkeeper(books), plugin]);
    await on.addNode('n1');
    await on.addNode('n2');
    await on.addPod('bad');
    await on.addPod('good');
    const why = `running ${step} of plugin "faulty": it broke`;
    await on.placed('good', /^n[12]$/);
    await on.placed('bad', `False SchedulerError: ${why}`);
    await on.said(`bad FailedScheduling: ${why}`);
    expect(on.warnings).toEqual([`scheduling default/bad: ${why}`]);
    expect(books.filter((line) => line.endsWith('bad'))).toEqual(
      step === 'reserve' ? ['took bad', 'gave back bad'] : [],
    );
    broken = false;
    await on.clock.advance(1000);
    await on.placed('bad', /^n[12]$/);
  },
);

it('a pod set aside waits longer each time, and at once no longer when its own specification changes', async () => {
  let asked = 0;
  const plugin: SchedulerPlugin = {
    name: 'faulty',
    unblockedBy: [],
    filter: ({ metadata }) => {
      if (!isBad(metadata.name)) return undefined;
      asked++;
      return metadata.labels?.['mended'] ? undefined : thrown();
    },
  };
  await using on = await SchedulerCluster.start([...builtinPlugins, plugin]);
  await on.addNode('n1');
  await on.addPod('bad');
  await on.placed('bad', /SchedulerError/);
  const looks = [];
  for (const second of [1, 2, 3, 4, 5, 6, 7]) {
    await on.clock.advance(1000);
    await on.looked();
    looks.push(`${second}: ${asked}`);
  }
  expect(looks).toEqual(['1: 2', '2: 2', '3: 3', '4: 3', '5: 3', '6: 3', '7: 4']);
  await on.patch(podsRef, 'bad', { metadata: { labels: { mended: 'yes' } } });
  await on.placed('bad', 'n1');
});

it('an undo that throws hinders no other undo, and what was reserved for a binding that is refused is given back', async () => {
  const books: string[] = [];
  const clumsy: SchedulerPlugin = { name: 'clumsy', unblockedBy: [], reserve: () => thrown };
  await using on = await SchedulerCluster.start([...builtinPlugins, bookkeeper(books), clumsy]);
  on.refuseBindings = 1;
  await on.addNode('n1');
  await on.addPod('p');
  await on.told(() => books.length === 2);
  expect(books).toEqual(['took p', 'gave back p']);
  expect(on.warnings).toContain('scheduling default/p: running reserve of plugin "clumsy": it broke');
  await on.clock.advance(1000);
  await on.placed('p', 'n1');
});

it('a score that is no number is a fault of its plugin', async () => {
  const plugin: SchedulerPlugin = { name: 'odd', unblockedBy: [], score: () => Number.NaN };
  await using on = await SchedulerCluster.start([...builtinPlugins, plugin]);
  await on.addNode('n1');
  await on.addNode('n2');
  await on.addPod('p');
  await on.placed('p', 'False SchedulerError: running score of plugin "odd": the score of node n1 is no number');
});
