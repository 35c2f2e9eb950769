import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { type Client, createClient, createInformerSet, type InformerSet } from '@kubernest/client';
import type { Node, Pod } from '@kubernest/kinds';
import {
  type Clock,
  type Context,
  type FakeClock,
  group,
  type Logger,
  Metrics,
  type Milliseconds,
  silentLogger,
} from '@kubernest/kit';
import { internalError } from '@kubernest/meta';
import { createScheduler, nodesRef, podsRef, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import { type TestServer, Traffic, testServer } from '@kubernest/testkit/server';
import { builtinPlugins } from './builtin.ts';

/** The scheduler with its plugins on the real control plane in memory. */
export class SchedulerCluster implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly metrics = new Metrics();
  readonly events: string[] = [];
  readonly warnings: string[] = [];
  readonly ctx: Context;
  readonly client: Client;
  readonly informers: InformerSet;
  readonly #api: TestServer;
  #changed = Promise.withResolvers<void>();

  /** Time that plugins say they have taken: it passes for the scheduler alone. */
  taken: Milliseconds = 0;
  readonly traffic = new Traffic();
  /** So many of the next are refused. */
  refuseBindings = 0;

  private constructor(api: TestServer) {
    this.#api = api;
    this.clock = api.clock;
    const warn = (text: string): void => {
      this.warnings.push(text);
      this.#tell();
    };
    const log: Logger = { ...silentLogger, child: () => log, warn };
    const clock: Clock = {
      now: () => api.clock.now(),
      monotonic: () => api.clock.monotonic() + this.taken,
      sleep: (delay, signal) => api.clock.sleep(delay, signal),
      after: (delay, run) => api.clock.after(delay, run),
    };
    this.ctx = { ...api.ctx, log, clock };
    this.traffic.beforeWrite = ({ resource }) => {
      if (resource === 'pods/binding' && this.refuseBindings-- > 0) throw internalError('not today');
    };
    this.client = createClient(this.traffic.before(api.transport('admin', ['system:masters'])));
    this.informers = createInformerSet(this.client);
  }

  static async start(plugins: readonly SchedulerPlugin[] = builtinPlugins): Promise<SchedulerCluster> {
    const subresources = () => builtinSubresources({ dialer: undefined as never, tokens: undefined as never });
    const cluster = new SchedulerCluster(await testServer({ subresources }));
    await cluster.client
      .resource({ group: '', version: 'v1', resource: 'namespaces' })
      .create({ metadata: { name: 'default' } }, {}, cluster.ctx);
    const events = {
      record: (about: { metadata: { name?: string } }, { reason, message }: { reason: string; message: string }) => {
        cluster.events.push(`${about.metadata.name} ${reason}: ${message}`);
        cluster.#tell();
      },
    };
    const { client, informers, metrics } = cluster;
    const scheduler = createScheduler({
      client,
      informers,
      plugins,
      events,
      schedulerName: 'default-scheduler',
      metrics,
    });
    await group('scheduling', [scheduler, informers]).start(cluster.ctx);
    const changed = (): void => cluster.#tell();
    for (const ref of [podsRef, nodesRef])
      informers.of(ref).subscribe({ added: changed, updated: changed, deleted: changed });
    return cluster;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#api[Symbol.asyncDispose]();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  async addNode(name: string, spec: Node['spec'] = {}, cpu = '2', labels: Record<string, string> = {}): Promise<void> {
    // At once, for a node that has nothing yet is looked at, too.
    const status = { allocatable: { cpu, memory: '4Gi', pods: '10' } } as unknown as Node['status'];
    await this.client.resource<Node>(nodesRef).create({ metadata: { name, labels }, spec, status }, {}, this.ctx);
  }

  async addPod(name: string, spec: object = {}, cpu = '1', metadata: object = {}): Promise<void> {
    const containers = [{ name: 'c', image: 'a', resources: { requests: { cpu } } }];
    const pod = { metadata: { name, namespace: 'default', ...metadata }, spec: { containers, ...spec } } as Pod;
    await this.client.resource<Pod>(podsRef).create(pod, {}, this.ctx);
  }

  async patch(ref: typeof podsRef | typeof nodesRef, name: string, body: object, subresource?: string): Promise<void> {
    const key = ref === podsRef ? { namespace: 'default', name } : { name };
    await this.client.resource(ref).patch(key, { type: 'merge', body: body as never, subresource }, {}, this.ctx);
  }

  async remove(name: string): Promise<void> {
    await this.client.resource(podsRef).delete({ namespace: 'default', name }, { gracePeriodSeconds: 0 }, this.ctx);
  }

  /** Paths of the bindings that were asked for, refused ones included. */
  get bindings(): readonly string[] {
    return this.traffic.writes.filter(({ resource }) => resource === 'pods/binding').map(({ path }) => path);
  }

  /** Its node, or why it has none. */
  place(name: string): string | undefined {
    const pod = this.informers.of<Pod>(podsRef).get(`default/${name}`);
    const scheduled = pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    return pod?.spec?.nodeName ?? (scheduled && `${scheduled.status} ${scheduled.reason}: ${scheduled.message}`);
  }

  /** Waits for the change that puts it there (or says that it is nowhere, and why). */
  async placed(name: string, where: string | RegExp): Promise<void> {
    const is = (place: string | undefined): boolean =>
      typeof where === 'string' ? place === where : where.test(place ?? '');
    await this.told(() => is(this.place(name)));
  }

  /** Waits for that event, which comes after what it is about. */
  async said(event: string): Promise<void> {
    await this.told(() => this.events.includes(event));
  }

  /** Waits for the change, the event or the warning after which this is so. */
  async told(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#changed.promise;
  }

  /** The queue is first in, first out: once a pod that came later has its node, all before it have been looked at. */
  async looked(): Promise<void> {
    const name = `last-${this.bindings.length}`;
    await this.addPod(name, {}, '0');
    await this.placed(name, /^[a-z]/);
    await this.remove(name);
  }
}
