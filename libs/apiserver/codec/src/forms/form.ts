import type { Looks, ResourceDefinition } from '@kubernest/definitions';
import type { ListMeta, Status, Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import type { Parts, Reads } from './parts.ts';

/** One version of a kind, as forms need it. */
export interface ServedVersion {
  readonly definition: ResourceDefinition;
  readonly apiVersion: string;
  /** Length of `{"kind":…,"apiVersion":…,`: what list items leave off. */
  readonly headLength: number;
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/**
 * How one resource goes out to one sort of client: a media type and a shape. It is given entries in the resource's version. Everything it
 * gives may be shared between requests.
 */
export interface Form {
  readonly contentType: string;
  /** What is to be read of an entry first. Metadata are the same in every version: who reads no more may be given entries in any. */
  readonly reads: Reads;
  /** At once, where that takes no time; else in parts. */
  one(entry: CacheEntry): Uint8Array | Parts;
  /** Likewise: how a list begins, goes on item by item, and ends. */
  list(entries: readonly CacheEntry[], meta: ListMeta): Uint8Array | Parts;
}

/** A form that is also streamed, event by event. */
export interface WatchForm extends Form {
  /** Two forms with one key give the same bytes: their watchers are served together. */
  readonly key: string;
  readonly watchContentType: string;
  /** How every event after a watch's first goes out, where that is another way. */
  readonly later?: WatchForm | undefined;
  /**
   * Of a large object: what takes long of its events and items, to be made before them. Absent where nothing does. `answer`: what is left for
   * those that belong together.
   */
  making?(entry: CacheEntry, answer?: Looks): Steps<unknown>;
  /** It takes long of every object. */
  readonly isDear?: boolean;
  event(type: EventType, entry: CacheEntry): Buffer;
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer;
  failure(status: Status): Buffer;
}

/** A form whose answers are JSON values: who knows them may write them otherwise. */
export interface ValueForm extends WatchForm {
  value(entry: CacheEntry): object;
  /** A list without its items, which come last, and the field that they are in. */
  listHead(meta: ListMeta): { readonly head: object; readonly items: string };
  item(entry: CacheEntry): object;
}
