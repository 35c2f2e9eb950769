import type { Context } from '@kubernest/kit';
import type { Json, KubeList, KubeObject, ResourceRef, WatchEvent } from '@kubernest/meta';

/** Names one object; without `namespace` for what has none. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** Typed access to any kind, over any transport. Stateless and safe to share; errors are `StatusError`s, exactly the server's. */
export interface Client {
  /** The calls for one resource. Nothing is looked up: a resource that does not exist answers 404. */
  resource<T extends KubeObject = KubeObject>(ref: ResourceRef): ResourceClient<T>;
  /** The calls that need no more than metadata: nothing else is sent, nor decoded where the server is in this process. */
  metadata(ref: ResourceRef): MetadataClient;
  /** A call that fits no resource (`/version`, `/healthz`, access reviews). Throws StatusError at 400 and above. */
  raw(call: ApiCall, ctx: Context): Promise<ApiAnswer>;
  /** The same client whose every write carries this proof of leadership; the server refuses it (409 `Conflict`, message names the Lease) once another leads. */
  fencedBy(fence: LeaseFence): Client;
}

/**
 * A leader's proof: the Lease and its `leaseTransitions` at the time of winning it. Travels as the header
 * `kubernest-fence: <namespace>/<name>=<uid>/<transitions>`. The server takes Leases of `kube-system` only.
 */
export interface LeaseFence {
  readonly namespace: string;
  readonly name: string;
  /** A Lease that was deleted and made again counts from 0 anew. */
  readonly uid: string;
  readonly transitions: number;
}
export const FENCE_HEADER = 'kubernest-fence';

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchOptions extends ListOptions {
  readonly allowBookmarks?: boolean;
  readonly timeoutSeconds?: number;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface DeleteOptions extends WriteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface ResourceClient<T extends KubeObject> {
  fetch(key: ObjectKey, ctx: Context): Promise<T>;
  list(options: ListOptions, ctx: Context): Promise<KubeList<T>>;
  /** Calls `onEvent` per event, in order, until the server ends the watch (resolves) or `ctx` aborts (rejects). A 410 rejects with `isExpired`. */
  watch(options: WatchOptions, onEvent: (event: WatchEvent<T>) => void, ctx: Context): Promise<void>;
  /** Namespace comes from `object.metadata.namespace`. */
  create(object: T, options: WriteOptions, ctx: Context): Promise<T>;
  /** Replaces; 409 when `metadata.resourceVersion` is stale. */
  update(object: T, options: WriteOptions, ctx: Context): Promise<T>;
  updateStatus(object: T, options: WriteOptions, ctx: Context): Promise<T>;
  patch(
    key: ObjectKey,
    patch: { readonly type: PatchType; readonly body: Json; readonly subresource?: string },
    options: WriteOptions & { readonly force?: boolean },
    ctx: Context,
  ): Promise<T>;
  /** Resolves with the object (still terminating) or the Status of its removal. */
  delete(key: ObjectKey, options: DeleteOptions, ctx: Context): Promise<KubeObject>;
  deleteCollection(options: ListOptions, deleteOptions: DeleteOptions, ctx: Context): Promise<void>;
  /** POST or PUT to a subresource with its own body (`binding`, `token`, `eviction`, `scale`). */
  subresource<R = KubeObject>(
    key: ObjectKey,
    subresource: string,
    method: 'GET' | 'POST' | 'PUT',
    body: Json | undefined,
    ctx: Context,
  ): Promise<R>;
}

/** `kind` and `apiVersion`, if there, are none of the object's own: what it is says the resource that it was asked for as. */
export type PartialObjectMetadata = KubeObject;

/** A server that knows no such answer sends whole objects. */
export type MetadataClient = Pick<
  ResourceClient<PartialObjectMetadata>,
  'fetch' | 'list' | 'watch' | 'patch' | 'delete' | 'deleteCollection'
>;

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query: `/api/v1/pods?limit=500`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON. */
  readonly body?: Json | Uint8Array;
}

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON, else undefined. Frozen when it came from a cache in this process. */
  readonly object: unknown;
  /** Names what was answered; sent as `if-none-match` it may be answered by 304, without an object. */
  readonly etag?: string | undefined;
}

/** How calls reach an API server: HTTPS, or in this process entering right after TLS. Both run the same checks. */
export interface Transport {
  /** Throws StatusError at 400 and above. */
  call(call: ApiCall, ctx: Context): Promise<ApiAnswer>;
  /** Resolves when the server ends the stream; rejects with StatusError when it refused it, with a fault when the connection broke. */
  watch(call: ApiCall, onEvent: (event: WatchEvent) => void, ctx: Context): Promise<void>;
}
