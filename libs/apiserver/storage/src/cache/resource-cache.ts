import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { HistoryLimits } from '@kubernest/apiserver/contract';
import { tellEach } from '@kubernest/kit';
import type { Steps } from '@kubernest/meta';
import { EventHistory } from './event-history.ts';
import { SortedEntries } from './sorted-entries.ts';
import { undone } from './undone.ts';

/** One change of one stored object, as watch events are made of it. */
export interface CacheEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  /** What is stored now; for DELETED what was, under the revision of its removal. */
  readonly entry: CacheEntry;
  readonly old: CacheEntry | undefined;
}

export type CacheListener = (event: CacheEvent) => void;

/** All objects under one storage prefix as of the watch cache's revision, and the changes that led there. */
export class ResourceCache {
  readonly #entries = new Map<string, CacheEntry>();
  readonly #sorted = new SortedEntries();
  readonly #listeners = new Set<CacheListener>();
  readonly #history: EventHistory;
  #lastChange = 0;

  constructor(
    readonly prefix: string,
    limits: HistoryLimits,
  ) {
    this.#history = new EventHistory(limits);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Nothing is in it and nobody follows it. */
  get isIdle(): boolean {
    return this.size === 0 && this.#listeners.size === 0;
  }

  /** No change of this resource is newer. Of what came before its history began, nothing better is known than where that was. */
  get lastChange(): number {
    return this.#lastChange;
  }

  get(key: string): CacheEntry | undefined {
    return this.#entries.get(key);
  }

  /** Entries whose key begins with `prefix`, in key order, from the first above `after`. */
  range(prefix: string, after?: string): CacheEntry[] {
    return this.#sorted.range(prefix, after);
  }

  /** What `range` gave at `revision`, a past one: as it is now, without what changed since. Undefined when that is no longer kept. */
  rangeAt(revision: number, prefix: string, after = ''): Steps<readonly CacheEntry[]> | undefined {
    const events = this.#history.since(revision);
    const concerns = ({ entry: { key } }: CacheEvent) => key.startsWith(prefix) && key > after;
    return events && undone(this.range(prefix, after), events.values().filter(concerns));
  }

  /** The oldest revision that a watch can go on from. */
  get historyBegin(): number {
    return this.#history.begin;
  }

  /** Events above `revision`, oldest first; undefined when some of them are no longer kept. */
  since(revision: number): readonly CacheEvent[] | undefined {
    return this.#history.since(revision);
  }

  subscribe(listener: CacheListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What is there when the cache begins, or begins anew after a gap. Returns the differences to what was there, for those who follow
   * (`announce`); watches get no events, as the steps in between are not known: their history begins here.
   */
  reset(entries: readonly CacheEntry[], revision: number): readonly CacheEvent[] {
    const before = new Map(this.#entries);
    const events: CacheEvent[] = [];
    for (const entry of entries) {
      const old = before.get(entry.key);
      before.delete(entry.key);
      this.#set(entry);
      if (old?.revision !== entry.revision)
        events.push({ type: old ? 'MODIFIED' : 'ADDED', revision: entry.revision, entry, old });
    }
    for (const old of before.values()) {
      this.#delete(old.key);
      events.push({ type: 'DELETED', revision, entry: old, old });
    }
    this.beginAt(revision);
    return events;
  }

  /** History begins here: earlier changes were not seen. */
  beginAt(revision: number): void {
    this.#history.beginAt(revision);
    this.#lastChange = Math.max(this.#lastChange, revision);
  }

  put(entry: CacheEntry): CacheEvent {
    const old = this.#entries.get(entry.key);
    this.#set(entry);
    return this.#record({ type: old ? 'MODIFIED' : 'ADDED', revision: entry.revision, entry, old });
  }

  /** `last` is what was stored, under the revision of its removal. */
  remove(old: CacheEntry, last: CacheEntry): CacheEvent {
    this.#delete(old.key);
    return this.#record({ type: 'DELETED', revision: last.revision, entry: last, old });
  }

  #set(entry: CacheEntry): void {
    this.#entries.set(entry.key, entry);
    this.#sorted.set(entry);
  }

  #delete(key: string): void {
    this.#entries.delete(key);
    this.#sorted.delete(key);
  }

  #record(event: CacheEvent): CacheEvent {
    this.#lastChange = event.revision;
    this.#history.add(event);
    return event;
  }

  /** Called by the watch cache once the whole batch is in. What one listener throws goes to `onFault`; the others are still called. */
  announce(event: CacheEvent, onFault: (fault: unknown) => void): void {
    tellEach(this.#listeners, (listener) => listener(event), onFault);
  }
}
