import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { FakeClock, type Milliseconds } from '@kubernest/kit';
import { isNotFound } from '@kubernest/meta';
import { RuntimeUnavailableError } from '@kubernest/runtime/contract';
import { PODS, type Pod } from '../types.ts';
import { type Call, type Fate, FatefulCalls } from './calls.ts';
import { key, podOf, ready, TestKubelet } from './kubelet.ts';
import { HollowCgroups, HollowMounter } from './machine.ts';

const STEP: Milliseconds = 100;
const NEVER: Milliseconds = 2 ** 31 - 1;
/** So much that nothing happens any more that has not happened by then. */
const MOST_STEPS = 20_000;
const filesBelow = (dir: string): Promise<string[]> => readdir(dir).catch(() => []);

/** Everything that was queued before on files and promises is done. */
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
export class PodLife implements AsyncDisposable {
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
        ...(['stopContainer', 'removeContainer'] as const),
      ]),
      network: this.calls.wrap('agent', network, ['attach', 'detach']),
      mounter: this.calls.wrap('agent', this.mounter, ['mountTmpfs', 'unmount']),
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
    while (this.#runs) {
      await settled();
      for (const { kind, id } of this.kubelet.runtime?.running() ?? [])
        if (kind === 'init') this.kubelet.runtime.end(id, 0);
      await this.clock.advance(STEP);
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

/** What the machine does it does in its own time, whether or not somebody still waits for it. */
function slowly({ clock }: PodLife, { ctx }: Call, run: () => Promise<unknown>, after = 100): Promise<unknown> {
  const work = clock.sleep(after, new AbortController().signal).then(run);
  work.catch(() => {});
  return Promise.race([
    work,
    new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason), { once: true })),
  ]);
}

type Befalls = (life: PodLife, call: Call, run: () => Promise<unknown>) => Promise<unknown>;

async function loseAnswer(life: PodLife, call: Call, run: () => Promise<unknown>): Promise<unknown> {
  if (call.by === 'agent') return run();
  slowly(life, call, run, 1_000).catch(() => {});
  throw new RuntimeUnavailableError('socket hang up');
}

async function agentDies(life: PodLife, call: Call, run: () => Promise<unknown>): Promise<unknown> {
  life.killAgent();
  return call.by === 'agent' ? run() : slowly(life, call, run, 2_000);
}

/** What may befall a call, so that nothing may be left and nobody need look for it. */
export const fates: Readonly<Record<string, Befalls>> = {
  async 'the pod is deleted'(life, call, run) {
    await life.delete();
    return slowly(life, call, run);
  },
  async 'the pod is deleted without grace'(life, call, run) {
    await life.delete(0);
    return slowly(life, call, run);
  },
  async 'it fails, and is not done'() {
    throw new Error('out of order');
  },
  async 'it fails after it was done'(_life, _call, run) {
    await run();
    throw new Error('out of order');
  },
  'its answer is lost, and it is done later': loseAnswer,
  async 'the pod is deleted, its answer is lost, and it is done later'(life, call, run) {
    await life.delete(0);
    return loseAnswer(life, call, run);
  },
  async 'the agent dies, and it is not done'(life, call) {
    life.killAgent();
    return slowly(life, call, async () => {}, NEVER);
  },
  async 'the agent dies, and it is done'(life, call, run) {
    life.killAgent();
    return slowly(life, call, run, 0);
  },
  'the agent dies, and the engine does it when another is there': agentDies,
  async 'the agent dies, the pod is deleted, and the engine does it when another is there'(life, call, run) {
    life.killAgent();
    await life.delete(0);
    return agentDies(life, call, run);
  },
};

/** Nobody is told of what these do: they are found when somebody looks. */
export const strangeFates: Readonly<Record<string, Befalls>> = {
  async 'the agent dies, and it is done when another is there'(life, call, run) {
    life.killAgent();
    return slowly(life, call, run, 2_000);
  },
  async 'the pod is deleted, and it is done long after, once more'(life, call, run) {
    await life.delete(0);
    slowly(life, call, run, 10_000).catch(() => {});
    return run();
  },
};
