import type { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { versionIn } from '../cache/stored-bytes.ts';
import type { EventType, WatchForm } from '../codec/form.ts';

/** What a watcher wants to see of a resource. */
export interface Selection {
  /** Equal keys select the same objects. */
  readonly key: string;
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
  /** Time to say how far the watch has come, to those who asked for it. */
  bookmark(): void;
  /** The history broke off. */
  expire(): void;
}

interface Group {
  readonly form: WatchForm | undefined;
  readonly selection: Selection;
  readonly watchers: Set<Watcher>;
}

/** Serves all watchers of the same thing together: an event is encoded once per form, and a batch is one write per watcher. */
export class WatchHub {
  readonly #groups = new Map<string, Map<string, Group>>();

  get size(): number {
    let size = 0;
    for (const groups of this.#groups.values()) for (const group of groups.values()) size += group.watchers.size;
    return size;
  }

  /** `form` is absent for watchers that take objects. Returns the way to leave. */
  join(prefix: string, selection: Selection, form: WatchForm | undefined, watcher: Watcher): () => void {
    const groups = this.#groups.getOrInsertComputed(prefix, () => new Map<string, Group>());
    const key = `${form?.key ?? 'objects'}|${selection.key}`;
    const group = groups.getOrInsertComputed(key, () => ({ form, selection, watchers: new Set<Watcher>() }));
    group.watchers.add(watcher);
    const joined = { groups, group };
    return () => {
      joined.group.watchers.delete(watcher);
      if (joined.group.watchers.size === 0 && joined.groups.get(key) === joined.group) joined.groups.delete(key);
    };
  }

  publish(prefix: string, events: readonly CacheEvent[]): void {
    for (const group of this.#groups.get(prefix)?.values() ?? []) this.#publishTo(group, events);
  }

  #publishTo({ form, selection, watchers }: Group, events: readonly CacheEvent[]): void {
    const seen: SeenEvent[] = [];
    for (const event of events) {
      const one = seenBy(selection, event);
      if (one) seen.push(one);
    }
    if (seen.length === 0) return;
    let bytes: Buffer | undefined;
    const encoded = (): Buffer => (bytes ??= Buffer.concat(seen.map(({ type, entry }) => form!.event(type, entry))));
    for (const watcher of [...watchers]) watcher.deliver(seen, encoded);
  }

  bookmarkAll(): void {
    for (const watcher of this.#all()) watcher.bookmark();
  }

  expireAll(): void {
    for (const watcher of this.#all()) watcher.expire();
  }

  #all(): Watcher[] {
    return [...this.#groups.values()].flatMap((groups) => [...groups.values()].flatMap((group) => [...group.watchers]));
  }
}
