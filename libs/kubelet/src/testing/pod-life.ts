import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FakeClock, type Milliseconds } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { PODS, type Pod } from '../types.ts';
import { type Fate, FatefulCalls } from './calls.ts';
import { type Life, NEVER } from './fates.ts';
import { key, podOf, ready, TestKubelet } from './kubelet.ts';
import { HollowCgroups, HollowMounter } from './machine.ts';

const STEP: Milliseconds = 100;
/** When nobody has asked for anything for so many steps, everybody waits for something far. */
const IDLE_STEPS = 30;
const LONG_STEP: Milliseconds = 1_000;
/** So much that nothing happens any more that has not happened by then. */
const MOST_STEPS = 20_000;
const filesBelow = (dir: string): Promise<string[]> => readdir(dir).catch(() => []);

/** Everything that was queued before on files and promises is done, unless the disk is slow: then time passes meanwhile, as it does. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await stat('/');
    await setImmediate();
  }
}

/** A pod of three containers, a volume in memory and one of files. */
export const wholePod = (): Pod => {
  const mounts = [
    { name: 'memory', mountPath: '/memory' },
    { name: 'info', mountPath: '/info' },
    { name: 'memory', mountPath: '/part', subPath: 'part' },
  ];
  const container = (name: string) => ({ name, image: 'busybox:1', volumeMounts: mounts });
  return podOf({
    initContainers: [container('init')],
    containers: [container('main'), container('side')],
    volumes: [
      { name: 'memory', emptyDir: { medium: 'Memory' } },
      { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    ],
  });
};

/** One life of a pod on a simulated machine, in simulated time, one of whose calls meets its fate. */
export class PodLife implements Life, AsyncDisposable {
  readonly clock = new FakeClock();
  readonly mounter = new HollowMounter();
  readonly cgroups = new HollowCgroups();
  readonly calls: FatefulCalls;
  readonly kubelet: TestKubelet;
  #runs = true;
  #time: Promise<void> = Promise.resolve();
  #restarting: Promise<void> = Promise.resolve();

  private constructor(fate: (life: PodLife) => Fate, sweepEvery: Milliseconds) {
    this.calls = new FatefulCalls(fate(this));
    this.kubelet = new TestKubelet(this.clock, ({ runtime, network }) => ({
      runtime: this.calls.wrap('engine', this.cgroups.madeAgainBy(runtime), [
        ...(['runSandbox', 'stopSandbox', 'removeSandbox', 'createContainer', 'startContainer'] as const),
        ...(['stopContainer', 'removeContainer', 'snapshot', 'snapshotOf', 'inspect', 'findImage'] as const),
      ]),
      network: this.calls.wrap('agent', network, ['attach', 'detach']),
      mounter: this.calls.wrap('agent', this.mounter, ['mountTmpfs', 'bind', 'unmount']),
      cgroups: { mount: '', root: 'pods', tree: this.calls.wrap('agent', this.cgroups, ['put', 'remove']) },
      sweepEvery,
    }));
  }

  /** Unless told how often, nobody sweeps but once, at the start of an agent. */
  static async begin(fate: (life: PodLife) => Fate, sweepEvery: Milliseconds = NEVER): Promise<PodLife> {
    const life = new PodLife(fate, sweepEvery);
    life.#time = life.#passTime();
    await life.kubelet.open();
    return life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restarting;
    await this.kubelet.close();
    this.#runs = false;
    await this.#time;
  }

  /** Time passes when everything else waits for it. Init containers end by themselves. */
  async #passTime(): Promise<void> {
    for (let asked = 0, idle = 0; this.#runs; ) {
      await settled();
      idle = asked === this.calls.count ? idle + 1 : 0;
      asked = this.calls.count;
      for (const { kind, id } of this.kubelet.runtime?.running() ?? [])
        if (kind === 'init') this.kubelet.runtime.end(id, 0);
      await this.clock.advance(idle < IDLE_STEPS ? STEP : LONG_STEP);
    }
  }

  async delete(gracePeriodSeconds?: number): Promise<void> {
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    await this.kubelet.client
      .resource(PODS)
      .delete(key, options, this.kubelet.ctx)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    await settled();
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
    for (let step = 0; ; step++) {
      const left = await this.#left();
      if (left.length === 0 || step === MOST_STEPS) return left;
      await this.clock.sleep(STEP, this.kubelet.ctx.signal);
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
