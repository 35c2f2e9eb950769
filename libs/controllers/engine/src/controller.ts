import type { Client, InformerSet } from '@kubernest/client';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { KubeObject, ResourceRef } from '@kubernest/meta';

/** What `reconcile` gets. `client` acts as the controller's own service account and carries the leader's fence. */
export interface ControllerContext extends Context {
  readonly client: Client;
  /** Only what the controller declared in `watches` and `reconciles`. Frozen objects. */
  readonly informers: InformerSet;
  /** Records an Event about an object, as `source.component` = the controller's name; repeats are counted, not multiplied. Never throws. */
  readonly events: EventRecorder;
}

export interface EventRecorder {
  record(about: KubeObject, event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string; readonly action?: string }): void;
}

/** `done`, or look again after a while even if nothing changes. Throwing retries with back-off (`TerminalError`: not until the next change). */
export type Outcome = 'done' | { readonly againAfter: Milliseconds };

export interface Watch<T extends KubeObject = KubeObject> {
  readonly ref: ResourceRef;
  /** Keys of `reconciles` to look at when this object changed. Called with the old object as well when it changed. Absent: its controlling owner if that is of the reconciled kind. */
  keys?(object: T, informers: InformerSet): readonly string[];
}

/** What a controller may write; its RBAC role is made from this and from `watches` (get, list, watch). */
export interface WriteRule {
  readonly group: string;
  /** `pods`, `pods/status`, `*` */
  readonly resource: string;
  readonly verbs: readonly string[];
}

/**
 * Level-based: told which object, never what happened. `reconcile` runs for one key at a time, for different keys at once up to
 * `workers`. It must be safe to run again at any point and to run on a cache that is behind its own writes.
 */
export interface Controller {
  /** Folder = file stem = name = metric label; its identity is `system:serviceaccount:kube-system:<serviceAccount>`. */
  readonly name: string;
  /** Kubernetes' own service account name (`deployment-controller`), so that existing RBAC expectations hold. */
  readonly serviceAccount: string;
  readonly reconciles: ResourceRef;
  /** `all`: every listable resource there is, following discovery (garbage collector, namespace). */
  readonly watches: readonly Watch[] | 'all';
  readonly writes: readonly WriteRule[];
  /** Keys in work at once; 5 unless given. */
  readonly workers?: number;
  /** Also look at every key again this often; absent: never (idle costs nothing). */
  readonly resync?: Milliseconds;
  reconcile(key: string, ctx: ControllerContext): Promise<Outcome>;
}
