import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeClock, type Milliseconds } from '@kubernest/kit';
import type { RuntimeEvent } from '@kubernest/runtime/contract';
import type { Pod, VolumeMount } from '../types.ts';
import { type Fate, FatefulCalls } from './calls.ts';
import { NEVER, type SimulatedLife } from './fates.ts';
import { filesAtRest } from './files-at-rest.ts';
import { type Instead, key, podOf, ready, TestKubelet } from './kubelet.ts';
import { HollowCgroups, HollowMounter } from './machine.ts';

/** How often it is looked whether something is left. */
const LOOK_EVERY: Milliseconds = 1_000;
/** So many times that nothing happens any more that has not happened by then. */
const MOST_LOOKS = 2_000;
/** Many lives need many files, and of a disk nothing. */
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : undefined;
const filesBelow = (dir: string): Promise<string[]> => readdir(dir).catch(() => []);

/** A pod of three containers, a volume in memory, a part of it and a volume of files. */
export const wholePod = (): Pod => {
  const container = (name: string, volumeMounts?: VolumeMount[]) => ({ name, image: 'busybox:1', volumeMounts });
  const memory = { name: 'memory', mountPath: '/memory' };
  const part = { name: 'memory', mountPath: '/part', subPath: 'part' };
  const info = { name: 'info', mountPath: '/info' };
  return podOf({
    initContainers: [container('init', [memory, part])],
    containers: [container('main', [memory, part, info]), container('side')],
    volumes: [
      { name: 'memory', emptyDir: { medium: 'Memory' } },
      { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    ],
  });
};

/** One life of a pod on a simulated machine, in simulated time, one of whose calls meets its fate. */
export class PodLife implements SimulatedLife, AsyncDisposable {
  readonly clock = new FakeClock(undefined, filesAtRest);
  readonly mounter = new HollowMounter();
  readonly cgroups = new HollowCgroups();
  readonly calls: FatefulCalls;
  readonly kubelet: TestKubelet;
  readonly #over = Promise.withResolvers<void>();
  #time: Promise<void> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();

  private constructor(fate: (life: PodLife) => Fate, sweepEvery: Milliseconds) {
    this.calls = new FatefulCalls(fate(this));
    const instead = ({ runtime, network }: TestKubelet): Instead => ({
      runtime: this.calls.wrap('engine', this.cgroups.madeAgainBy(runtime), [
        ...(['runSandbox', 'stopSandbox', 'removeSandbox', 'createContainer', 'startContainer'] as const),
        ...(['stopContainer', 'removeContainer', 'snapshot', 'snapshotOf', 'inspect', 'findImage'] as const),
      ]),
      network: this.calls.wrap('agent', network, ['attach', 'detach']),
      mounter: this.calls.wrap('agent', this.mounter, ['mountTmpfs', 'bind', 'unmount']),
      cgroups: { mount: '', root: 'pods', tree: this.calls.wrap('agent', this.cgroups, ['put', 'remove']) },
      sweepEvery,
    });
    this.kubelet = new TestKubelet(this.clock, instead, inMemory);
  }

  /** Unless told how often, nobody sweeps but once, at the start of an agent. */
  static async begin(fate: (life: PodLife) => Fate, sweepEvery: Milliseconds = NEVER): Promise<PodLife> {
    const life = new PodLife(fate, sweepEvery);
    life.#time = life.clock.passUntil(life.#over.promise);
    await life.kubelet.open();
    life.#endInitContainers();
    return life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restarting;
    await this.kubelet.close();
    this.#over.resolve();
    await this.#time;
  }

  /** They end by themselves, as soon as they run. */
  #endInitContainers(): void {
    const { runtime, ctx } = this.kubelet;
    const end = ({ type, id }: RuntimeEvent): void => {
      if (type === 'started' && runtime.configOf(id)?.kind === 'init') runtime.end(id, 0);
    };
    runtime.events(end, ctx).catch(() => {});
  }

  get agent(): AbortSignal {
    return this.kubelet.stopped;
  }

  get cgroupTaken(): Promise<void> {
    return this.cgroups.nextTaken;
  }

  delete(gracePeriodSeconds?: number): Promise<void> {
    return this.kubelet.delete(key.name, gracePeriodSeconds);
  }

  /** Without a word to anybody; another comes at once. */
  killAgent(): void {
    this.#restarting = this.#restarting.then(() => this.kubelet.stop()).then(() => this.kubelet.start());
  }

  /** From its creation until it is ready, then until it is deleted. Returns how many of its containers ran when it was ready. */
  async live(): Promise<number | undefined> {
    await this.kubelet.create(wholePod());
    const pod = await this.kubelet.untilPod((each) => !each || !!each.metadata.deletionTimestamp || ready(each));
    const ran = ready(pod) && !pod?.metadata.deletionTimestamp ? this.kubelet.runtime.running().length : undefined;
    if (pod) await this.delete();
    await this.kubelet.untilPod((each) => each === undefined);
    return ran;
  }

  /** Waits until nothing is left. Returns what is, when nothing more happens to it. */
  async left(): Promise<readonly string[]> {
    for (let look = 0; ; look++) {
      const left = await this.#left();
      if (left.length === 0 || look === MOST_LOOKS) return left;
      await this.clock.sleep(LOOK_EVERY, this.kubelet.ctx.signal);
    }
  }

  async #left(): Promise<readonly string[]> {
    const { runtime, network, ctx, dir } = this.kubelet;
    const { sandboxes, containers } = await runtime.snapshot(ctx);
    const named = (what: string, names: Iterable<string>) => [...names].map((name) => `${what} ${name}`);
    return [
      ...sandboxes.map((s) => `sandbox ${s.attempt}`),
      ...containers.map((c) => `container ${c.name} ${c.state}`),
      ...named('address of', network.attached.keys()),
      ...named('mount', this.mounter.mounted),
      ...named('cgroup', this.cgroups.ofPods),
      ...named('folder', await filesBelow(join(dir, 'data/pods'))),
      ...named('log', await filesBelow(join(dir, 'log/pods'))),
      ...named('log', await filesBelow(join(dir, 'log/containers'))),
    ];
  }
}
