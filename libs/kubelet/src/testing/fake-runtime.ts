import type { Context } from '@kubernest/kit';
import type {
  ContainerConfig,
  ContainerRuntime,
  ContainerState,
  PodNetwork,
  RuntimeEvent,
  SandboxState,
} from '@kubernest/runtime/contract';

const image = { id: 'sha256:1', tags: ['busybox:1'], digests: [], sizeBytes: 1, user: '' };

/** A container runtime in memory, for specs: containers run until they are stopped or `end`ed. Outlives the kubelet, as an engine does. */
export class FakeRuntime {
  readonly sandboxes = new Map<string, SandboxState>();
  readonly containers = new Map<string, ContainerState>();
  /** What each container was made from, gone ones too. */
  readonly configs = new Map<string, ContainerConfig>();
  readonly runtime: ContainerRuntime;
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  #serial = 0;

  constructor() {
    const unused = async (): Promise<never> => {
      throw new Error('the fake runtime has no processes');
    };
    this.runtime = {
      name: 'fake',
      info: async () => ({
        name: 'fake',
        version: '1',
        cgroupVersion: 2,
        cgroupDriver: 'cgroupfs',
        operatingSystem: 'none',
        kernelVersion: '0',
        rootDir: '/',
      }),
      snapshot: async () => ({ sandboxes: [...this.sandboxes.values()], containers: [...this.containers.values()] }),
      events: (onEvent, ctx) => this.#listen(onEvent, ctx),
      runSandbox: async (config) => {
        const { pod, attempt, labels, annotations } = config;
        const id = this.#id('sandbox');
        const netns = config.network === 'pod' ? `/run/netns/${id}` : undefined;
        const state = { id, pod, attempt, running: true, createdAt: new Date(), netns, labels, annotations };
        this.sandboxes.set(id, state);
        return state;
      },
      stopSandbox: async (id) => {
        const state = this.sandboxes.get(id);
        if (state) this.sandboxes.set(id, { ...state, running: false, netns: undefined });
      },
      removeSandbox: async (id) => void this.sandboxes.delete(id),
      createContainer: async (config) => this.#create(config),
      startContainer: async (id) => this.#change(id, 'started', { state: 'running', startedAt: new Date() }),
      stopContainer: async (id) => {
        if (this.containers.get(id)?.state === 'running') this.end(id, 143);
      },
      removeContainer: async (id) => {
        const state = this.containers.get(id);
        this.containers.delete(id);
        if (state) this.#tell({ type: 'removed', id, podUid: state.pod.uid });
      },
      inspect: async (id) => this.containers.get(id),
      execSync: unused,
      exec: unused,
      attach: unused,
      portForward: unused,
      listImages: async () => [image],
      findImage: async (reference) => (reference.startsWith('busybox') ? image : undefined),
      pullImage: unused,
      removeImage: async () => {},
      stats: async () => undefined,
    };
  }

  running(): readonly ContainerState[] {
    return [...this.containers.values()].filter((each) => each.state === 'running');
  }

  /** The container's process ends by itself. */
  end(id: string, exitCode: number): void {
    this.#change(id, 'ended', { state: 'exited', exitCode, finishedAt: new Date() });
  }

  #id(what: string): string {
    this.#serial += 1;
    return `${what}-${this.#serial}`;
  }

  #create(config: ContainerConfig): { readonly id: string } {
    const id = this.#id('container');
    const { pod, sandboxId, name, attempt, kind, image: written, imageId, labels, annotations } = config;
    this.configs.set(id, config);
    this.containers.set(id, {
      ...{ id, pod, sandboxId, name, attempt, kind, image: written, imageId, labels, annotations },
      state: 'created',
      createdAt: new Date(),
      startedAt: undefined,
      finishedAt: undefined,
      exitCode: undefined,
      oomKilled: false,
      error: undefined,
      logPath: undefined,
    });
    return { id };
  }

  #change(id: string, type: 'started' | 'ended', over: Partial<ContainerState>): void {
    const state = this.containers.get(id);
    if (!state) throw new Error(`no container ${id}`);
    this.containers.set(id, { ...state, ...over });
    this.#tell({ type, id, podUid: state.pod.uid });
  }

  #tell(event: RuntimeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #listen(onEvent: (event: RuntimeEvent) => void, ctx: Context): Promise<void> {
    this.#listeners.add(onEvent);
    return new Promise((_, reject) => {
      ctx.signal.addEventListener('abort', () => {
        this.#listeners.delete(onEvent);
        reject(ctx.signal.reason);
      });
    });
  }
}

/** Every sandbox gets the next address; what is attached is visible. */
export class FakeNetwork implements PodNetwork {
  readonly attached = new Map<string, string>();
  #serial = 1;

  async attach({ sandboxId }: { readonly sandboxId: string }) {
    const ip = this.attached.get(sandboxId) ?? `10.244.0.${++this.#serial}`;
    this.attached.set(sandboxId, ip);
    return { ips: [ip] };
  }

  async detach({ sandboxId }: { readonly sandboxId: string }): Promise<void> {
    this.attached.delete(sandboxId);
  }

  status = () => ({ ready: true }) as const;
  configure = async (): Promise<void> => {};
  teardown = async (): Promise<void> => {};
}
