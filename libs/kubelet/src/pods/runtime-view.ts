import type { Context } from '@kubernest/kit';
import { isAborted, messageOf } from '@kubernest/kit';
import type { ContainerRuntime, ContainerState, RuntimeEvent, SandboxState } from '@kubernest/runtime/contract';
import { emptyRuntime, type PodRuntime, sortRuntime } from './pod-runtime.ts';

/**
 * What the runtime holds, kept by one snapshot and its events: a change costs one `inspect`, idling nothing. While the engine is
 * away the last known state stays and `available` says so.
 */
export class RuntimeView {
  readonly #sandboxes = new Map<string, SandboxState>();
  readonly #containers = new Map<string, ContainerState>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #available = false;
  readonly #looked = Promise.withResolvers<void>();
  /** It is known what the runtime holds, or that it is away. */
  readonly firstLook = this.#looked.promise;

  constructor(
    private readonly runtime: ContainerRuntime,
    private readonly onChange: (podUid: string) => void,
    private readonly onAvailability: (available: boolean, why?: string) => void = () => {},
  ) {}

  get available(): boolean {
    return this.#available;
  }

  pod(uid: string): PodRuntime {
    const containers = [...this.#containers.values()].filter((c) => c.pod.uid === uid);
    const sandboxes = [...this.#sandboxes.values()].filter((s) => s.pod.uid === uid);
    return containers.length + sandboxes.length === 0 ? emptyRuntime : sortRuntime({ containers, sandboxes });
  }

  uids(): ReadonlySet<string> {
    return new Set([...this.#sandboxes.values(), ...this.#containers.values()].map((s) => s.pod.uid));
  }

  liveSandboxes(): ReadonlySet<string> {
    return new Set([...this.#sandboxes.values()].flatMap((s) => (s.running ? [s.id] : [])));
  }

  containers(): readonly ContainerState[] {
    return [...this.#containers.values()];
  }

  container(id: string): ContainerState | undefined {
    return this.#containers.get(id);
  }

  sandbox(id: string): SandboxState | undefined {
    return this.#sandboxes.get(id);
  }

  /** Calls `wake` whenever this container's state was looked at again; returns the unsubscribe. */
  onContainerChange(id: string, wake: () => void): () => void {
    const own = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, own.add(wake));
    return () => {
      own.delete(wake);
      if (own.size === 0) this.#listeners.delete(id);
    };
  }

  #tell(id: string): void {
    for (const wake of this.#listeners.get(id) ?? []) wake();
  }

  /** Reads all of it, and reports every pod that changed. */
  async refresh(ctx: Context): Promise<void> {
    const snapshot = await this.runtime.snapshot(ctx);
    const before = new Map(this.containers().map((c) => [c.id, c.state]));
    const touched = new Set<string>(this.uids());
    this.#containers.clear();
    this.#sandboxes.clear();
    for (const s of snapshot.sandboxes) this.#sandboxes.set(s.id, s);
    for (const c of snapshot.containers) this.#containers.set(c.id, c);
    for (const c of snapshot.containers) if (before.get(c.id) !== c.state) touched.add(c.pod.uid);
    for (const id of this.#listeners.keys()) this.#tell(id);
    for (const uid of new Set([...touched, ...this.uids()])) this.onChange(uid);
  }

  /** What the agent did itself is known at once. */
  putSandbox(state: SandboxState): void {
    this.#sandboxes.set(state.id, state);
  }

  dropSandbox(id: string): void {
    this.#sandboxes.delete(id);
  }

  sandboxStopped(id: string): void {
    const state = this.#sandboxes.get(id);
    if (state) this.#sandboxes.set(id, { ...state, running: false, netns: undefined });
  }

  dropContainer(id: string): void {
    this.#containers.delete(id);
    this.#tell(id);
  }

  async refreshContainer(id: string, ctx: Context): Promise<ContainerState | undefined> {
    const state = await this.runtime.inspect(id, ctx);
    if (state) this.#containers.set(id, state);
    else this.#containers.delete(id);
    this.#tell(id);
    return state;
  }

  /** Listens until aborted: snapshot, then events; again from the snapshot whenever the engine was away. */
  async run(ctx: Context, onSynced: () => void): Promise<void> {
    let failures = 0;
    while (!ctx.signal.aborted) {
      const round = new AbortController();
      const roundCtx: Context = { ...ctx, signal: AbortSignal.any([ctx.signal, round.signal]) };
      try {
        // Events first, so that nothing happens unseen between the two.
        const listening = this.runtime.events((event) => this.#onEvent(event, roundCtx), roundCtx);
        listening.catch(() => {});
        await this.refresh(roundCtx);
        this.#setAvailable(true);
        this.#looked.resolve();
        onSynced();
        failures = 0;
        await listening;
      } catch (error) {
        if (ctx.signal.aborted) return;
        this.#setAvailable(false, messageOf(error));
        this.#looked.resolve();
        if (failures++ === 0)
          ctx.log.warn('the container runtime is away; waiting for it', { error: messageOf(error) });
      } finally {
        round.abort(new DOMException('runtime round over', 'AbortError'));
      }
      await ctx.clock.sleep(Math.min(5_000, 200 * 2 ** Math.min(failures, 5)), ctx.signal).catch(() => {});
    }
  }

  #setAvailable(available: boolean, why?: string): void {
    if (this.#available === available) return;
    this.#available = available;
    this.onAvailability(available, why);
  }

  #onEvent(event: RuntimeEvent, ctx: Context): void {
    if (event.type === 'image') return;
    const sandbox = this.#sandboxes.get(event.id);
    if (sandbox) {
      if (event.type === 'removed') this.dropSandbox(event.id);
      else if (event.type === 'ended') this.sandboxStopped(event.id);
      else return;
      return this.onChange(sandbox.pod.uid);
    }
    const known = this.#containers.get(event.id);
    if (event.type === 'removed') {
      this.dropContainer(event.id);
      if (known) this.onChange(known.pod.uid);
      return;
    }
    if (known && event.type === 'started' && known.state === 'running') return;
    if (!known && event.type === 'started') return;
    this.refreshContainer(event.id, ctx)
      .then((state) => {
        const uid = state?.pod.uid ?? known?.pod.uid ?? event.podUid;
        if (uid) this.onChange(uid);
      })
      .catch((error: unknown) => {
        if (!isAborted(error))
          ctx.log.warn('a container could not be inspected', { id: event.id, error: messageOf(error) });
      });
  }
}
