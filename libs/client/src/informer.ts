import type { Runnable } from '@kubernest/kit';
import type { KubeObject, ResourceRef } from '@kubernest/meta';
import type { PartialObjectMetadata } from './client.ts';

/**
 * A local copy of one resource, kept by list and watch: never behind by more than the watch is, relisted after a 410 or a broken
 * connection with back-off, with the differences reported as changes. Objects are frozen. Keys are `namespace/name` or `name`.
 */
export interface Informer<T extends KubeObject = KubeObject> extends Runnable {
  readonly ref: ResourceRef;
  /** True once the first list is in. Handlers have then been called for every object in it. */
  readonly synced: boolean;
  whenSynced(signal: AbortSignal): Promise<void>;
  get(key: string): T | undefined;
  list(namespace?: string): readonly T[];
  /** Objects whose `index` function gave `value`; indexes are added with `addIndex` before start or later (built at once). A function that throws gives none for that object, and is logged. */
  byIndex(index: string, value: string): readonly T[];
  addIndex(name: string, values: (object: T) => readonly string[]): void;
  /** Present objects are reported as `added` at once if already synced. Returns the unsubscribe. A handler that throws is a fault of the informer's owner: it is logged and the others are still called. */
  subscribe(handler: InformerHandler<T>): () => void;
  /** Asks the server again at once where that waits because it failed: something says that it may do better now. */
  retryNow(): void;
}

export interface InformerHandler<T> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  deleted?(old: T): void;
}

/** One informer per resource, shared by all who ask. Those asked for before start begin with it; later ones begin at once. */
export interface InformerSet extends Runnable {
  of<T extends KubeObject = KubeObject>(ref: ResourceRef): Informer<T>;
  /** The same of the metadata alone, without managed fields, `kind` and `apiVersion`: nothing else is fetched or kept. */
  metadataOf(ref: ResourceRef): Informer<PartialObjectMetadata>;
  /** Ends the informer of metadata and lets go of its objects, for what is served no longer; handlers are told nothing. Asked for again, it begins anew. */
  forgetMetadataOf(ref: ResourceRef): void;
}
