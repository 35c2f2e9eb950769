import { type CacheEntry, type EventType, versionIn } from '@kubernest/apiserver/codec';
import type { CacheEvent } from '../cache/resource-cache.ts';
import type { Resource } from '../catalog/resource.ts';
import type { Pin } from './watch-groups.ts';

/** What a watcher wants to see of a resource. */
export interface Selection {
  /** Of which version of which kind. */
  readonly resource: Resource;
  /** It looks at more than metadata: what it is shown has to be in the resource's version. */
  readonly readsVersion: boolean;
  /** Equal keys select the same objects. */
  readonly key: string;
  /** What it selects has this value; absent where no one value is asked for. */
  readonly pin?: Pin | undefined;
  /** Nothing that stands within an object narrows it. */
  readonly unfiltered?: boolean;
  matches(entry: CacheEntry): boolean;
}

export interface SeenEvent {
  readonly type: EventType;
  readonly entry: CacheEntry;
}

/** The event as `selection` sees it: entering is ADDED, leaving is DELETED, outside is nothing. */
export function seenBy(selection: Selection, event: CacheEvent): SeenEvent | undefined {
  const { entry, old, type } = event;
  if (type === 'DELETED') return selection.matches(entry) ? { type, entry } : undefined;
  const now = selection.matches(entry);
  const before = old !== undefined && selection.matches(old);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', entry };
  // Under the version of the change that took it out of the selection.
  return before ? { type: 'DELETED', entry: old.under(entry.revision, versionIn(entry.bytes)) } : undefined;
}

/** One open watch, as the hub sees it. */
export interface Watcher {
  /** Events after those it has seen; `bytes` are theirs in its form, made once for all who share it. Never waits. */
  deliver(events: readonly SeenEvent[], bytes: () => Buffer): void;
  /** Nothing up to `revision` is missing here: sent to those who asked for bookmarks. */
  bookmark(revision: number): void;
  /** The history broke off. */
  expire(): void;
  /** Changes can no longer be converted to its version. */
  fail(why: unknown): void;
  /** What it watches is served no longer, or otherwise. */
  end(): void;
}
