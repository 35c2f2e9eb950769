import type { ListMeta, Status } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Pieces } from '../contract/index.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** How one resource goes out to one sort of client: a media type and a shape. Everything it gives may be shared between requests. */
export interface Form {
  readonly contentType: string;
  one(entry: CacheEntry): Buffer;
  list(entries: readonly CacheEntry[], meta: ListMeta): Promise<Buffer>;
  /** The same list, where it is so large that it had better go out piece by piece, and this form can do so. */
  pieces?(entries: readonly CacheEntry[], meta: ListMeta): Pieces | undefined;
}

/** A form that is also streamed, event by event. */
export interface WatchForm extends Form {
  /** Two forms with one key give the same bytes: their watchers are served together. */
  readonly key: string;
  readonly watchContentType: string;
  /** How every event after a watch's first goes out, where that is another way. */
  readonly later?: WatchForm | undefined;
  event(type: EventType, entry: CacheEntry): Buffer;
  bookmark(resourceVersion: string, initialEventsEnd: boolean): Buffer;
  failure(status: Status): Buffer;
}
