import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { paced } from '@kubernest/meta';
import type { Entry, ListResult, Store } from '@kubernest/store/contract';
import type { ResourceCache } from './resource-cache.ts';
import { EPOCH_OFFSET_KEY, type ResourceVersions } from './resource-versions.ts';
import { toCacheEntry } from './watch-cache.ts';

/** So many values are asked for at once. */
const VALUES = 64;

/** What of a resource is asked for, as of when. */
export interface PastRange {
  readonly cache: ResourceCache;
  readonly prefix: string;
  readonly after: string | undefined;
  readonly revision: number;
}

export interface PastPage {
  readonly entries: readonly CacheEntry[];
  /** There are others behind them. */
  readonly more: boolean;
}

/**
 * What was there at a past revision. Whatever is still in memory is shared by all who ask: what the cache has or remembers, and what
 * was read for another and is not yet sent. Only the rest is read from the store. Of each
 * resource one reads at a time, a little each, so that what is on its way never adds up; who is gone when its turn comes is passed over.
 */
export class PastEntries {
  readonly #read = new Map<string, WeakRef<CacheEntry>>();
  readonly #forgotten = new FinalizationRegistry((id: string) => {
    if (!this.#read.get(id)?.deref()) this.#read.delete(id);
  });
  /** The last that waits for its turn. */
  readonly #last = new WeakMap<ResourceCache, Promise<unknown>>();

  constructor(
    private readonly store: Store,
    private readonly versions: ResourceVersions,
  ) {}

  /** All of it, where the cache still knows how it was. Throws `CompactedError` where the store no longer does. */
  remembered({ cache, prefix, after, revision }: PastRange, ctx: Context): Promise<readonly CacheEntry[] | undefined> {
    const work = async () => {
      await this.store.get(EPOCH_OFFSET_KEY, ctx, revision);
      const steps = cache.rangeAt(revision, prefix, after);
      return steps && (await paced(steps));
    };
    return this.#inTurn(cache, work, ctx);
  }

  /** The next of it. */
  async page(range: PastRange, limit: number, ctx: Context): Promise<PastPage> {
    const { entries: found, remaining } = await this.#list(range, { limit, keysOnly: true }, ctx);
    const entries: CacheEntry[] = [];
    while (entries.length < found.length) {
      const known = this.#known(range.cache, found[entries.length]!);
      if (known) entries.push(known);
      else {
        const after = found[entries.length - 1]?.key ?? range.after;
        const most = Math.min(VALUES, found.length - entries.length);
        entries.push(...(await this.#values({ ...range, after }, most, ctx)));
      }
    }
    return { entries, more: remaining > 0 };
  }

  /** How many there are behind `range.after`. */
  async count({ cache, prefix, after, revision }: PastRange, ctx: Context): Promise<number> {
    const work = () => this.store.list(prefix, { after, revision, countOnly: true }, ctx);
    return (await this.#inTurn(cache, work, ctx)).remaining;
  }

  async only(key: string, { cache, revision }: PastRange, ctx: Context): Promise<readonly CacheEntry[]> {
    const { entry } = await this.store.get(key, ctx, revision);
    return entry ? [this.#known(cache, entry) ?? this.#keep(entry)] : [];
  }

  async #values(range: PastRange, limit: number, ctx: Context): Promise<readonly CacheEntry[]> {
    const { entries } = await this.#list(range, { limit, keysOnly: false }, ctx);
    return entries.map((entry) => this.#known(range.cache, entry) ?? this.#keep(entry));
  }

  #list(
    { cache, prefix, after, revision }: PastRange,
    how: { readonly limit: number; readonly keysOnly: boolean },
    ctx: Context,
  ): Promise<ListResult> {
    const work = () => this.store.list(prefix, { ...how, after, revision, uncounted: true }, ctx);
    return this.#inTurn(cache, work, ctx);
  }

  #known(cache: ResourceCache, { key, revision }: Entry): CacheEntry | undefined {
    const current = cache.get(key);
    return current?.revision === revision ? current : this.#read.get(idOf(key, revision))?.deref();
  }

  #keep(stored: Entry): CacheEntry {
    const entry = toCacheEntry(stored, this.versions);
    const id = idOf(entry.key, entry.revision);
    this.#read.set(id, new WeakRef(entry));
    this.#forgotten.register(entry, id);
    return entry;
  }

  #inTurn<T>(cache: ResourceCache, work: () => Promise<T>, { signal }: Context): Promise<T> {
    const before = this.#last.get(cache) ?? Promise.resolve();
    const done = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last.set(
      cache,
      done.catch(() => {}),
    );
    return done;
  }
}

const idOf = (key: string, revision: number): string => `${revision} ${key}`;
