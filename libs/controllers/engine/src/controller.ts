import type { Client, EventRecorder, InformerSet, PartialObjectMetadata } from '@kubernest/client';
import type { Context, Milliseconds } from '@kubernest/kit';
import type { KubeObject, ResourceRef, Steps } from '@kubernest/meta';
import type { Discovery } from './discovery.ts';

/** What `reconcile` gets. `client` acts as the controller's own service account and carries the leader's fence. */
export interface ControllerContext extends Context {
  readonly client: Client;
  /** Only what the controller declared in `watches` and `reconciles`. Frozen objects. */
  readonly informers: InformerSet;
  /** Records an Event about an object, as `source.component` = the controller's service account (Kubernetes' own names); repeats are counted, not multiplied. Never throws. */
  readonly events: EventRecorder;
  /** What there is beyond the declared watches: only filled for controllers that watch `all`. */
  readonly resources: AllResources;
}

/** Every resource that can be listed and watched, as discovery says. Of objects there is the metadata alone: what they are, `resource` says. */
export interface AllResources {
  /** The first list of each resource is in (or was waited for in vain): what is not found among dependents is not there. */
  readonly isComplete: boolean;
  /** By apiVersion and kind, as owner references name them; undefined: discovery does not know it (now). */
  find(apiVersion: string, kind: string): DiscoveredResource | undefined;
  /** One object by resource and `namespace/name` or `name`. */
  get(ref: ResourceRef, key: string): PartialObjectMetadata | undefined;
  /** What discovery says now, asked again: cheap when nothing changed. */
  discover(ctx: Context): Promise<Discovery>;
  /** Objects of any resource for which `ownerUid` is among their owners. */
  dependentsOf(ownerUid: string): readonly FoundObject[];
  /** The object with this uid, if any informer holds it. */
  byUid(uid: string): FoundObject | undefined;
}

export interface FoundObject {
  readonly resource: DiscoveredResource;
  readonly object: PartialObjectMetadata;
}

export interface DiscoveredResource extends ResourceRef {
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What happened to some object of some resource; `object` is its last state when it was deleted. */
export interface AnyChange extends FoundObject {
  readonly old?: PartialObjectMetadata;
  readonly deleted: boolean;
}

/** `done`, or look again after a while even if nothing changes. Throwing retries with back-off (`TerminalError`: not until the next change). */
export type Outcome = 'done' | { readonly againAfter: Milliseconds };

export interface Watch<T extends KubeObject = KubeObject> {
  readonly ref: ResourceRef;
  /**
   * Keys of `reconciles` to look at when this object changed. Called with the old object as well when it changed. Absent: its controlling
   * owner if that is of the reconciled kind. Where looking takes long it is done in steps, between which others get their turn.
   */
  keys?(object: T, informers: InformerSet): readonly string[] | Steps<readonly string[]>;
}

/** What a controller may write; its RBAC role is made from this and from `watches` (get, list, watch). */
export interface WriteRule {
  readonly group: string;
  /** `pods`, `pods/status`, `*` */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Only of these names; absent: of all. */
  readonly names?: readonly string[];
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
  /** With `watches: 'all'`: which keys to look at after this change. Keys are then the controller's own and `reconciles` adds none. */
  keysOfAny?(change: AnyChange, resources: AllResources): readonly string[];
  readonly writes: readonly WriteRule[];
  /** Keys to look at when a term of leadership begins, for what the controller makes by itself: no object tells of them. */
  readonly initialKeys?: readonly string[];
  /** Makes what lives as long as one term of leadership (expectations); `reconcile` is called on the result. Absent: there is no such state. */
  begin?(): Controller;
  /** Keys in work at once; 5 unless given. */
  readonly workers?: number;
  /** Also look at every key again this often; absent: never (idle costs nothing). */
  readonly resync?: Milliseconds;
  reconcile(key: string, ctx: ControllerContext): Promise<Outcome>;
}
