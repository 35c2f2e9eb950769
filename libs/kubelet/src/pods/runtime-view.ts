import type { Context, Milliseconds } from '@kubernest/kit';
import type { ContainerRuntime, ContainerState, RuntimeSnapshot, SandboxState } from '@kubernest/runtime/contract';
import { answered, RUNTIME } from '../answered.ts';
import { Looks } from './looks.ts';
import { PodCalls } from './pod-calls.ts';
import { emptyRuntime, type PodRuntime, sortRuntime } from './pod-runtime.ts';

/**
 * What the runtime holds, kept by one snapshot and its events: a change costs one `inspect`, idling nothing. While the engine is
 * away the last known state stays and `available` says so.
 */
export class RuntimeView {
  readonly #sandboxes = new Map<string, SandboxState>();
  readonly #containers = new Map<string, ContainerState>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #looks = new Looks();
  readonly #calls = new PodCalls((id) => this.#sandboxes.has(id) || this.#containers.has(id));
  #available = false;
  readonly #looked = Promise.withResolvers<void>();
  /** It is known what the runtime holds, or that it is away. */
  readonly firstLook = this.#looked.promise;

  constructor(
    readonly runtime: ContainerRuntime,
    readonly onChange: (podUid: string) => void,
    private readonly onAvailability: (available: boolean, why?: string) => void = () => {},
  ) {}

  get available(): boolean {
    return this.#available;
  }

  setAvailable(available: boolean, why?: string): void {
    this.#looked.resolve();
    if (this.#available === available) return;
    this.#available = available;
    this.onAvailability(available, why);
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

  /**
   * Runs a call that makes or ends something of a pod. Where it fails, what came of it is looked up before anything else is planned; so it
   * does where it is not answered for too long, `longer` than usual where the call itself may take time.
   */
  async act<T>({ podUid, longer = 0 }: Acting, call: (ctx: Context) => Promise<T>, ctx: Context): Promise<T> {
    return this.#calls.run(podUid, () => answered({ who: RUNTIME, longer }, call, ctx));
  }

  /** Something unknown of a pod was made or ended; false when nobody is acting for the pod who will tell of it. */
  heard(podUid: string, id: string): boolean {
    return this.#calls.heard(podUid, id);
  }

  /** Looks at a pod again if a call for it failed. */
  async confirm(podUid: string, ctx: Context): Promise<void> {
    if (this.#calls.isDoubtful(podUid)) await this.look(podUid, ctx);
  }

  /** Asks the runtime itself what it holds of one pod. */
  async look(podUid: string, ctx: Context): Promise<PodRuntime> {
    this.#calls.confirmed(podUid);
    try {
      await this.#looks.look(
        (limited) => this.runtime.snapshotOf(podUid, limited),
        (snapshot, isNews) => this.#take(snapshot, isNews, (state) => state.pod.uid === podUid),
        ctx,
      );
    } catch (error) {
      this.#calls.doubt(podUid);
      throw error;
    }
    return this.pod(podUid);
  }

  /** Reads all of it; returns the pods of which something was not as known. */
  async refresh(ctx: Context): Promise<ReadonlySet<string>> {
    return this.#looks.look(
      (limited) => this.runtime.snapshot(limited),
      (snapshot, isNews) => this.#take(snapshot, isNews, () => true),
      ctx,
    );
  }

  /** Looks at one container again. Where that fails its pod is looked at before anything else is planned for it. */
  async refreshContainer(id: string, ctx: Context): Promise<ContainerState | undefined> {
    try {
      await this.#looks.look(
        (limited) => this.runtime.inspect(id, limited),
        (state, isNews) => {
          if (!isNews(id)) return;
          if (state) this.#containers.set(id, state);
          else this.#containers.delete(id);
        },
        ctx,
      );
    } catch (error) {
      const known = this.#containers.get(id);
      if (known) this.#calls.doubt(known.pod.uid);
      throw error;
    }
    this.#tell(id);
    return this.#containers.get(id);
  }

  #take(
    snapshot: RuntimeSnapshot,
    isNews: (id: string) => boolean,
    concerns: (state: SandboxState | ContainerState) => boolean,
  ): ReadonlySet<string> {
    const { sandboxes, containers } = snapshot;
    const changed = new Set<string>();
    replace(this.#sandboxes, sandboxes, { isNews, concerns, changed, same: (a, b) => a.running === b.running });
    replace(this.#containers, containers, { isNews, concerns, changed, same: (a, b) => a.state === b.state });
    for (const id of this.#listeners.keys()) this.#tell(id);
    return changed;
  }

  /** What the agent did itself is known at once. */
  putSandbox(state: SandboxState): void {
    this.#looks.known(state.id);
    this.#sandboxes.set(state.id, state);
  }

  dropSandbox(id: string): void {
    this.#looks.known(id);
    this.#sandboxes.delete(id);
  }

  sandboxStopped(id: string): void {
    const state = this.#sandboxes.get(id);
    if (state) this.putSandbox({ ...state, running: false, netns: undefined });
  }

  dropContainer(id: string): void {
    this.#looks.known(id);
    this.#containers.delete(id);
    this.#tell(id);
  }
}

export interface Acting {
  readonly podUid: string;
  readonly longer?: Milliseconds;
}

interface Replacing<T> {
  readonly isNews: (id: string) => boolean;
  readonly concerns: (state: T) => boolean;
  readonly same: (a: T, b: T) => boolean;
  readonly changed: Set<string>;
}

/** Makes `kept` hold `found` and nothing else of what it concerns, but for what is known better by now. */
function replace<T extends SandboxState | ContainerState>(
  kept: Map<string, T>,
  found: readonly T[],
  { isNews, concerns, same, changed }: Replacing<T>,
): void {
  const here = new Set(found.map((state) => state.id));
  for (const [id, state] of kept) {
    if (!concerns(state) || here.has(id) || !isNews(id)) continue;
    kept.delete(id);
    changed.add(state.pod.uid);
  }
  for (const state of found) {
    if (!isNews(state.id)) continue;
    const before = kept.get(state.id);
    if (!before || !same(before, state)) changed.add(state.pod.uid);
    kept.set(state.id, state);
  }
}
