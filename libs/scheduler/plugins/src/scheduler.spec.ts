import { loopbackTransport } from '@kubernest/apiserver/engine';
import { type TestServer, testServer } from '@kubernest/apiserver/engine/testing';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { type Client, createClient, createInformerSet } from '@kubernest/client';
import { builtinKinds, type Node, type Pod } from '@kubernest/kinds';
import { type Context, type FakeClock, group } from '@kubernest/kit';
import { createScheduler, nodesRef, podsRef } from '@kubernest/scheduler/engine';
import { expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';

/** The scheduler with its plugins on the real control plane in memory. */
class Cluster implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly events: string[] = [];
  readonly ctx: Context;
  readonly client: Client;
  readonly #api: TestServer;

  /** Paths of the bindings that were asked for, refused ones included. */
  readonly bindings: string[] = [];

  private constructor(api: TestServer) {
    this.#api = api;
    this.clock = api.clock;
    this.ctx = api.ctx;
    const inner = loopbackTransport(api.server, { username: 'admin', groups: ['system:masters'] });
    this.client = createClient({
      watch: (call, onEvent, ctx) => inner.watch(call, onEvent, ctx),
      call: (call, ctx) => {
        if (call.path.endsWith('/binding')) this.bindings.push(call.path);
        return inner.call(call, ctx);
      },
    });
  }
  static async start(): Promise<Cluster> {
    const subresources = () =>
      builtinSubresources({ definitions: builtinKinds, dialer: undefined as never, tokens: undefined as never });
    const cluster = new Cluster(await testServer({ subresources }));
    await cluster.client
      .resource({ group: '', version: 'v1', resource: 'namespaces' })
      .create({ metadata: { name: 'default' } }, {}, cluster.ctx);
    const informers = createInformerSet(cluster.client);
    const events = {
      record: (about: { metadata: { name?: string } }, { reason, message }: { reason: string; message: string }) =>
        cluster.events.push(`${about.metadata.name} ${reason}: ${message}`),
    };
    const parts = {
      client: cluster.client,
      informers,
      plugins: builtinPlugins,
      events,
      schedulerName: 'default-scheduler',
    };
    await group('scheduling', [createScheduler(parts), informers]).start(cluster.ctx);
    return cluster;
  }
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#api[Symbol.asyncDispose]();
  }

  async addNode(name: string, spec: Node['spec'] = {}, cpu = '2', labels: Record<string, string> = {}): Promise<void> {
    const made = await this.client.resource<Node>(nodesRef).create({ metadata: { name, labels }, spec }, {}, this.ctx);
    const status = { allocatable: { cpu, memory: '4Gi', pods: '10' } } as unknown as Node['status'];
    await this.client.resource<Node>(nodesRef).updateStatus({ ...made, status }, {}, this.ctx);
    await this.settle();
  }
  async addPod(name: string, spec: object = {}, cpu = '1', metadata: object = {}): Promise<void> {
    const containers = [{ name: 'c', image: 'a', resources: { requests: { cpu } } }];
    await this.client
      .resource<Pod>(podsRef)
      .create(
        { metadata: { name, namespace: 'default', ...metadata }, spec: { containers, ...spec } } as Pod,
        {},
        this.ctx,
      );
    await this.settle();
  }
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 5; j++) await new Promise((resolve) => setImmediate(resolve));
      await this.clock.advance(10);
    }
  }
  patch(ref: typeof podsRef | typeof nodesRef, name: string, body: object) {
    const key = ref === podsRef ? { namespace: 'default', name } : { name };
    return this.client
      .resource(ref)
      .patch(key, { type: 'merge', body: body as never }, {}, this.ctx)
      .then(() => this.settle());
  }
  async remove(name: string): Promise<void> {
    await this.client.resource(podsRef).delete({ namespace: 'default', name }, { gracePeriodSeconds: 0 }, this.ctx);
    await this.settle();
  }
  /** Its node, or why it has none. */
  async place(name: string): Promise<string | undefined> {
    const pod = await this.client.resource<Pod>(podsRef).fetch({ namespace: 'default', name }, this.ctx);
    const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    return pod.spec?.nodeName ?? (scheduled && `${scheduled.status} ${scheduled.reason}: ${scheduled.message}`);
  }
}

it('binds a pod and says so', async () => {
  await using on = await Cluster.start();
  await on.addNode('n1');
  await on.addPod('p');
  expect(await on.place('p')).toBe('n1');
  expect(on.events).toEqual(['p Scheduled: Successfully assigned default/p to n1']);
});

it('says in event and condition why no node fits, and binds when one does', async () => {
  await using on = await Cluster.start();
  await on.addPod('p');
  expect(await on.place('p')).toBe('False Unschedulable: no nodes available to schedule pods');
  await on.addNode('small', {}, '500m');
  await on.addNode('tainted', { taints: [{ key: 'team', value: 'x', effect: 'NoSchedule' }] });
  await on.addNode('cordoned', { unschedulable: true });
  const why =
    '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.';
  expect(await on.place('p')).toBe(`False Unschedulable: ${why}`);
  expect(on.events.at(-1)).toBe(`p FailedScheduling: ${why}`);
  const pod = await on.client.resource<Pod>(podsRef).fetch({ namespace: 'default', name: 'p' }, on.ctx);
  expect(pod.status?.conditions).toMatchObject([{ type: 'PodScheduled', observedGeneration: pod.metadata.generation }]);
  expect(pod.metadata.generation).toBe(1);
  await on.patch(nodesRef, 'cordoned', { spec: { unschedulable: null } });
  expect(await on.place('p')).toBe('cordoned');
});

it.each<[string, (on: Cluster) => Promise<unknown>]>([
  ['a pod goes', (on) => on.remove('first')],
  [
    'a pod ends',
    (on) =>
      on.client
        .resource(podsRef)
        .patch(
          { namespace: 'default', name: 'first' },
          { type: 'merge', body: { status: { phase: 'Succeeded' } }, subresource: 'status' },
          {},
          on.ctx,
        ),
  ],
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
  await using on = await Cluster.start();
  await on.addNode('n1');
  await on.addPod('first', {}, '2');
  await on.addPod('second', {}, '2');
  expect(await on.place('second')).toBe('False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
  await change(on);
  await on.settle();
  expect(await on.place('second')).toMatch(/^n[12]$/);
});

it('binds a pod that waits for company when that comes, in a namespace of the right labels', async () => {
  await using on = await Cluster.start();
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
  expect(await on.place('p')).toBe(alone);
  await on.addPod('db-elsewhere', {}, '1', { labels: { app: 'db' } });
  expect(await on.place('p')).toBe(alone);
  await on.addPod('db', {}, '1', { namespace: 'data', labels: { app: 'db' } });
  expect(await on.place('p')).toBe('n1');
});

it('leaves a gated pod alone until its last gate is gone, and tells no failure', async () => {
  await using on = await Cluster.start();
  await on.addNode('n1');
  await on.addPod('p', { schedulingGates: [{ name: 'a' }, { name: 'b' }] });
  const gated = 'False SchedulingGated: Scheduling is blocked due to non-empty scheduling gates';
  expect(await on.place('p')).toBe(gated);
  await on.patch(podsRef, 'p', { spec: { schedulingGates: [{ name: 'b' }] } });
  expect(await on.place('p')).toBe(gated);
  await on.patch(podsRef, 'p', { spec: { schedulingGates: null } });
  expect(await on.place('p')).toBe('n1');
  expect(on.events).toEqual(['p Scheduled: Successfully assigned default/p to n1']);
});

it('leaves the pods of other schedulers, and those that are to go, alone', async () => {
  await using on = await Cluster.start();
  await on.addPod('theirs', { schedulerName: 'mine' });
  await on.addPod('leaves', {}, '1', { finalizers: ['example.com/held'] });
  await on.remove('leaves');
  await on.addNode('n1');
  await on.clock.advance(60_000);
  await on.settle();
  expect([await on.place('theirs'), await on.place('leaves')]).toEqual([
    undefined,
    'False Unschedulable: no nodes available to schedule pods',
  ]);
  expect(on.bindings).toEqual([]);
});

it('binds the more important of two waiting pods first', async () => {
  await using on = await Cluster.start();
  await on.addPod('low', { priority: 0 }, '2');
  await on.addPod('high', { priority: 100 }, '2');
  await on.addNode('n1');
  expect(await on.place('high')).toBe('n1');
  expect(await on.place('low')).toBe('False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
});

it('counts pods that somebody else has bound', async () => {
  await using on = await Cluster.start();
  await on.addNode('n1');
  await on.addPod('bound', { nodeName: 'n1' }, '2');
  await on.addPod('p');
  expect(await on.place('p')).toBe('False Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.');
});
