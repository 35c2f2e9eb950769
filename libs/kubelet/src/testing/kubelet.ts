import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createInformerSet } from '@kubernest/client';
import { type Clock, type Context, Current, childContext, silentLogger, systemClock } from '@kubernest/kit';
import { isNotFound, type KubeObject, type WatchEvent } from '@kubernest/meta';
import { HollowNetwork, type HollowRuntime, openHollowRuntime } from '@kubernest/runtime/hollow';
import { until } from '@kubernest/testkit/server';
import { afterEach, beforeEach } from 'vitest';
import { createKubelet, type KubeletOptions } from '../kubelet.ts';
import type { MachineResolver } from '../network/resolv-conf.ts';
import { PODS, type Pod } from '../types.ts';
import { directoryMounter } from '../volumes/mounter.ts';
import { startApi } from './api.ts';

export const EVENTS = { group: '', version: 'v1', resource: 'events' } as const;
/** Of the pod that `podOf` makes. */
export const key = { namespace: 'default', name: 'p' };

export const podOf = (over: Partial<Pod['spec'] & object> = {}): Pod => ({
  metadata: { name: 'p', namespace: 'default' },
  spec: {
    nodeName: 'n1',
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'busybox:1', command: ['sleep', '100'] }],
    ...over,
  },
});

export const ready = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;

/** Parts that stand in for the usual ones. */
export type Instead = Partial<
  Pick<KubeletOptions, 'runtime' | 'network' | 'mounter' | 'cgroups' | 'server' | 'sweepEvery'>
>;

/** A kubelet of node `n1` with simulated containers, before a real API. */
export class TestKubelet {
  client!: Client;
  runtime!: HollowRuntime;
  network!: HollowNetwork;
  readonly resolver = new Current<MachineResolver>({ own: '', upstream: 'nameserver 192.0.2.53\n' });
  dir = '';
  #api!: ReturnType<typeof childContext>;
  #running!: { readonly controller: AbortController; readonly done: Promise<void> };

  /** A new one for each test, running. */
  static forEachTest(): TestKubelet {
    const kubelet = new TestKubelet();
    beforeEach(() => kubelet.open());
    afterEach(() => kubelet.close());
    return kubelet;
  }

  constructor(
    private readonly clock: Clock = systemClock,
    private readonly instead: (kubelet: TestKubelet) => Instead = () => ({}),
    private readonly filesIn = tmpdir(),
  ) {}

  async open(): Promise<void> {
    this.dir = mkdtempSync(join(this.filesIn, 'kubelet-spec-'));
    this.runtime = openHollowRuntime({ images: ['busybox:1'], logDir: join(this.dir, 'engine') });
    this.network = new HollowNetwork();
    this.#api = childContext({ signal: new AbortController().signal, clock: this.clock, log: silentLogger });
    this.client = await startApi(this.ctx);
    await this.start();
  }

  async close(): Promise<void> {
    await this.stop();
    this.#api.controller.abort();
    rmSync(this.dir, { recursive: true, force: true });
  }

  get ctx(): Context {
    return this.#api.ctx;
  }

  /** Fires when the one that runs now is stopped. */
  get stopped(): AbortSignal {
    return this.#running.controller.signal;
  }

  /** Returns when it is up, or was stopped before. */
  async start(): Promise<void> {
    const { ctx, controller } = childContext(this.ctx);
    const up = this.#start(ctx);
    const done = up.then((running) => running.done);
    this.#running = { controller, done: Promise.allSettled([done]).then(() => {}) };
    await up.catch((error: unknown) => {
      if (!controller.signal.aborted) throw error;
    });
  }

  async #start(ctx: Context): Promise<{ readonly done: Promise<unknown> }> {
    const informers = createInformerSet(this.client);
    const engine = await informers.start(ctx);
    const { done } = await createKubelet({
      client: this.client,
      informers,
      runtime: this.runtime,
      network: this.network,
      nodeName: 'n1',
      nodeIPs: ['192.0.2.1'],
      dirs: { data: join(this.dir, 'data'), logs: join(this.dir, 'log') },
      dns: { clusterDns: ['10.96.0.10'], clusterDomain: 'cluster.local' },
      resolver: this.resolver,
      mounter: directoryMounter,
      ...this.instead(this),
    }).start(ctx);
    return { done: Promise.allSettled([done, engine.done]) };
  }

  async stop(): Promise<void> {
    this.#running.controller.abort(new DOMException('stopped', 'AbortError'));
    await this.#running.done;
  }

  create(pod: Pod): Promise<Pod> {
    return this.client.resource<Pod>(PODS).create(pod, {}, this.ctx);
  }

  /** Returns when the kubelet has been told of it. Gone already, and on its way out already, is success. */
  async delete(name: string, gracePeriodSeconds?: number): Promise<void> {
    const pods = this.client.resource<Pod>(PODS);
    const { ctx, controller } = childContext(this.ctx);
    const { items, metadata } = await pods.list({ fieldSelector: `metadata.name=${name}` }, ctx);
    const [before] = items;
    if (!before || (before.metadata.deletionTimestamp && gracePeriodSeconds === undefined)) return;
    await pods.delete({ namespace: 'default', name }, { gracePeriodSeconds }, ctx).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    // What its watchers are told of, each is told at the same time.
    const since = { fieldSelector: `metadata.name=${name}`, resourceVersion: metadata.resourceVersion };
    const ended = ({ type, object }: WatchEvent<Pod>): boolean =>
      type === 'DELETED' || (type === 'MODIFIED' && object.metadata.deletionTimestamp !== undefined);
    await pods
      .watch(since, (event) => void (ended(event) && controller.abort()), ctx)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      });
  }

  /** The pod and attempt of every container that was ever made. */
  created(): readonly unknown[] {
    return this.runtime.configs().map((each) => [each.pod.name, each.attempt]);
  }

  untilPod(wanted: (pod: Pod | undefined) => boolean): Promise<Pod | undefined> {
    return this.until<Pod>(PODS, 'metadata.name=p', wanted);
  }

  /** Watches until the object is as wanted; `undefined` is: gone. */
  until<T extends KubeObject>(
    ref: typeof PODS,
    fieldSelector: string,
    wanted: (object: T | undefined) => boolean,
  ): Promise<T | undefined> {
    return until(this.client.resource<T>(ref), { fieldSelector }, wanted, this.ctx);
  }
}
