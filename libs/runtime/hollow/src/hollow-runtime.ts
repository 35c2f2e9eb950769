import { randomUUID } from 'node:crypto';
import type { Context } from '@kubernest/kit';
import {
  type ContainerConfig,
  ContainerConfigError,
  type ContainerRuntime,
  ContainerStartError,
  type ContainerState,
  type ExecResult,
  type PodIdentity,
  type RuntimeEvent,
  type SandboxConfig,
  type SandboxState,
} from '@kubernest/runtime/contract';
import { hollowImages } from './hollow-images.ts';

export interface HollowRuntimeOptions {
  /** References that are here from the start; others come by a pull, which always succeeds. */
  readonly images?: readonly string[];
  /** Where logs are said to be; unless given there are none. */
  readonly logDir?: string;
  /** What a command in a container answers; unless given it succeeds and says nothing. */
  readonly run?: (container: ContainerState, command: readonly string[]) => ExecResult;
}

/** Containers that are only said to run, until they are stopped or their end is told. What it holds outlives its callers, as an engine does. */
export interface HollowRuntime extends ContainerRuntime {
  /** What runs now, in the order of creation. */
  running(): readonly ContainerState[];
  /** What every container was made from, gone ones too, in the order of creation. */
  configs(): readonly ContainerConfig[];
  configOf(id: string): ContainerConfig | undefined;
  sandboxConfigOf(id: string): SandboxConfig | undefined;
  /** The container's process ends by itself. */
  end(id: string, exitCode: number, over?: Partial<Pick<ContainerState, 'oomKilled'>>): void;
}

const succeed = (): ExecResult => ({ exitCode: 0, output: '', timedOut: false });

/** A container runtime that runs nothing: for specs of whoever needs a runtime, and for machines without an engine. */
export function openHollowRuntime(options: HollowRuntimeOptions = {}): HollowRuntime {
  const held = new Held(options.logDir);
  const run = options.run ?? succeed;
  const noProcess = async (): Promise<never> => {
    throw new ContainerStartError('a hollow container has no process to talk to');
  };
  return {
    name: 'hollow',
    async info() {
      return {
        name: 'hollow',
        version: '1',
        cgroupVersion: 2,
        cgroupDriver: 'cgroupfs',
        operatingSystem: 'none',
        kernelVersion: 'none',
        rootDir: '/',
      };
    },
    async snapshot(ctx) {
      ctx.signal.throwIfAborted();
      return { sandboxes: [...held.sandboxes.values()], containers: [...held.containers.values()] };
    },
    async snapshotOf(podUid, ctx) {
      ctx.signal.throwIfAborted();
      const ofPod = ({ pod }: { readonly pod: PodIdentity }) => pod.uid === podUid;
      return {
        sandboxes: [...held.sandboxes.values()].filter(ofPod),
        containers: [...held.containers.values()].filter(ofPod),
      };
    },
    events: (onEvent, ctx) => held.listen(onEvent, ctx),
    runSandbox: async (config, ctx) => held.runSandbox(config, ctx),
    stopSandbox: async (id) => held.stopSandbox(id),
    removeSandbox: async (id) => held.removeSandbox(id),
    createContainer: async (config, ctx) => held.createContainer(config, ctx),
    startContainer: async (id, ctx) => held.startContainer(id, ctx),
    stopContainer: async (id, graceSeconds, ctx) => held.end(id, graceSeconds > 0 ? 0 : 137, ctx.clock.now()),
    removeContainer: async (id) => held.removeContainer(id),
    inspect: async (id) => held.containers.get(id),
    async execSync(id, command) {
      const state = held.containers.get(id);
      if (state?.state !== 'running') throw new ContainerStartError(`container ${id} does not run`);
      return run(state, command);
    },
    exec: noProcess,
    attach: noProcess,
    portForward: noProcess,
    ...hollowImages(options.images ?? []),
    stats: async () => undefined,
    running: () => [...held.containers.values()].filter((each) => each.state === 'running'),
    configs: () => [...held.configs.values()],
    configOf: (id) => held.configs.get(id),
    sandboxConfigOf: (id) => held.sandboxConfigs.get(id),
    end: (id, exitCode, over) => held.end(id, exitCode, new Date(), over),
  };
}

/** All sandboxes and containers, and who wants to hear of changes. */
class Held {
  readonly sandboxes = new Map<string, SandboxState>();
  readonly containers = new Map<string, ContainerState>();
  readonly configs = new Map<string, ContainerConfig>();
  readonly sandboxConfigs = new Map<string, SandboxConfig>();
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();

  constructor(private readonly logDir: string | undefined) {}

  runSandbox(config: SandboxConfig, ctx: Context): SandboxState {
    const { pod, attempt, labels, annotations } = config;
    const id = randomUUID();
    const netns = config.network === 'pod' ? `/run/netns/${id}` : undefined;
    const state = { id, pod, attempt, running: true, createdAt: ctx.clock.now(), netns, labels, annotations };
    this.sandboxes.set(id, state);
    this.sandboxConfigs.set(id, config);
    this.#tell({ type: 'created', id, podUid: pod.uid });
    this.#tell({ type: 'started', id, podUid: pod.uid });
    return state;
  }

  stopSandbox(id: string): void {
    const state = this.sandboxes.get(id);
    if (!state?.running) return;
    this.sandboxes.set(id, { ...state, running: false, netns: undefined });
    this.#tell({ type: 'ended', id, podUid: state.pod.uid });
  }

  removeSandbox(id: string): void {
    const state = this.sandboxes.get(id);
    if (this.sandboxes.delete(id)) this.#tell({ type: 'removed', id, podUid: state?.pod.uid });
  }

  createContainer(config: ContainerConfig, ctx: Context): { readonly id: string } {
    if (!this.sandboxes.get(config.sandboxId)?.running)
      throw new ContainerConfigError(`container ${config.name}: sandbox ${config.sandboxId} does not run`);
    const id = randomUUID();
    const { pod, sandboxId, name, attempt, kind, image, imageId, labels, annotations } = config;
    this.configs.set(id, config);
    this.containers.set(id, {
      ...{ id, pod, sandboxId, name, attempt, kind, image, imageId, labels, annotations },
      state: 'created',
      createdAt: ctx.clock.now(),
      startedAt: undefined,
      finishedAt: undefined,
      exitCode: undefined,
      oomKilled: false,
      error: undefined,
      logPath: this.logDir && `${this.logDir}/${id}.log`,
    });
    this.#tell({ type: 'created', id, podUid: pod.uid });
    return { id };
  }

  startContainer(id: string, ctx: Context): void {
    const state = this.containers.get(id);
    if (!state) throw new ContainerStartError(`container ${id} is gone`);
    if (state.state === 'created') this.#change(state, 'started', { state: 'running', startedAt: ctx.clock.now() });
  }

  end(id: string, exitCode: number, finishedAt: Date, over: Partial<ContainerState> = {}): void {
    const state = this.containers.get(id);
    if (state?.state === 'running') this.#change(state, 'ended', { ...over, state: 'exited', exitCode, finishedAt });
  }

  removeContainer(id: string): void {
    const state = this.containers.get(id);
    if (state?.state === 'running') throw new Error(`container ${id} runs: stop it before it is removed`);
    if (this.containers.delete(id)) this.#tell({ type: 'removed', id, podUid: state?.pod.uid });
  }

  listen(onEvent: (event: RuntimeEvent) => void, { signal }: Context): Promise<void> {
    const { promise, reject } = Promise.withResolvers<void>();
    const stop = (): void => {
      this.#listeners.delete(onEvent);
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    else {
      this.#listeners.add(onEvent);
      signal.addEventListener('abort', stop, { once: true });
    }
    return promise;
  }

  #change(state: ContainerState, type: 'started' | 'ended', over: Partial<ContainerState>): void {
    this.containers.set(state.id, { ...state, ...over });
    this.#tell({ type, id: state.id, podUid: state.pod.uid });
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
