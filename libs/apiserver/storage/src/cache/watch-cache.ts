import { CacheEntry, spliceVersion, takeWritten } from '@kubernest/apiserver/codec';
import type { HistoryLimits } from '@kubernest/apiserver/contract';
import { type Context, isAborted, messageOf } from '@kubernest/kit';
import { unavailable } from '@kubernest/meta';
import { CompactedError, type Entry, type Store, type StoreEvent, type WatchBatch } from '@kubernest/store/contract';
import { Freshness } from './freshness.ts';
import { type CacheEvent, ResourceCache } from './resource-cache.ts';
import { EPOCH_OFFSET_KEY, type ResourceVersions } from './resource-versions.ts';

const ROOT = '/';
const REGISTRY = '/registry/';
const PAGE = 1000;
/** So many transactions back the history begins at start, so that watchers of a server before this one go on without a relist. */
const BACKFILL = 2000;

export interface WatchCacheParts {
  readonly store: Store;
  readonly versions: ResourceVersions;
  /** What is kept of each resource for watches that begin in the past. */
  readonly history: HistoryLimits;
}

/** One watch over the store's whole key space feeds the caches of all resources, so one revision says how fresh everything is. */
export class WatchCache {
  readonly #caches = new Map<string, ResourceCache>();
  /** What has no cache has not changed since. */
  #unchangedSince = 0;
  readonly freshness: Freshness;
  #ctx: Context | undefined;
  #batch: CacheEvent[] = [];
  #flushing: NodeJS.Immediate | undefined;
  /**
   * Called, a storage prefix at a time, with what arrived since the last turn of the event loop. May take longer than the call: `over` is
   * called when nobody needs these events any more, with the fault if there was one.
   */
  onFlush: (prefix: string, events: readonly CacheEvent[], over: (fault?: unknown) => void) => void = (
    _,
    _events,
    over,
  ) => over();
  /** Some changes will never be handed on: every watch must end with 410. After a gap it is called once the caches hold what came of it. */
  onReset: () => void = () => {};

  constructor(private readonly parts: WatchCacheParts) {
    this.freshness = new Freshness(async () => parts.store.currentRevision(this.ctx));
  }

  private get ctx(): Context {
    if (!this.#ctx) throw unavailable('the API server is starting');
    return this.#ctx;
  }

  /** Everything up to here is in the caches. */
  get revision(): number {
    return this.freshness.reached;
  }

  /** The cache of a storage prefix; empty ones come to be when asked for. */
  of(prefix: string): ResourceCache {
    let cache = this.#caches.get(prefix);
    if (!cache) {
      cache = new ResourceCache(prefix, this.parts.history);
      cache.beginAt(this.#unchangedSince);
      this.#caches.set(prefix, cache);
    }
    return cache;
  }

  /**
   * Keeps no history of what is served no longer, nor a cache that is empty. What is left in the store stays, as it is there when the kind
   * comes back; who has the cache already (a watch that is about to end) may read it on.
   */
  forget(prefix: string): void {
    const cache = this.#caches.get(prefix);
    if (!cache) return;
    if (cache.isIdle) {
      this.#caches.delete(prefix);
      this.#unchangedSince = this.revision;
    } else cache.beginAt(this.revision);
  }

  /** Resolves once the caches have what the store had when this was called; `done` settles after the signal. */
  async start(ctx: Context): Promise<{ readonly done: Promise<void> }> {
    this.#ctx = ctx;
    const revision = await this.#load();
    const target = await this.parts.store.currentRevision(this.ctx);
    const done = this.#follow(revision).finally(() => this.freshness.fail(this.ctx.signal.reason));
    await this.freshness.until(target, ctx);
    return { done };
  }

  async #load(): Promise<number> {
    const { store } = this.parts;
    const offset = await store.get(EPOCH_OFFSET_KEY, this.ctx);
    this.#setOffset(offset.entry?.value);
    const now = await store.currentRevision(this.ctx);
    try {
      const before = now - BACKFILL * store.stride;
      if (before > 0) return await this.#list(before);
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
    }
    return await this.#list(undefined);
  }

  async #list(at: number | undefined): Promise<number> {
    const found = new Map<string, CacheEntry[]>();
    let after: string | undefined;
    let revision = at;
    for (;;) {
      const page = await this.parts.store.list(REGISTRY, { limit: PAGE, after, revision, uncounted: true }, this.ctx);
      revision = page.revision;
      for (const entry of page.entries) {
        const cached = this.#entry(entry);
        if (!cached) continue;
        const prefix = prefixOf(entry.key);
        const same = found.get(prefix);
        if (same) same.push(cached);
        else found.set(prefix, [cached]);
      }
      const last = page.entries.at(-1);
      if (!last || page.remaining === 0) break;
      after = last.key;
    }
    this.#begin(found, revision ?? 0);
    return revision ?? 0;
  }

  /**
   * Everything is in before anybody is told. Who follows a cache (RBAC, the node graph) keeps following it over a gap; a watch cannot, and
   * ends here and not before: one that began while the store was listed has missed as much as the others.
   */
  #begin(found: ReadonlyMap<string, readonly CacheEntry[]>, revision: number): void {
    this.#unchangedSince = revision;
    const prefixes = new Set([...this.#caches.keys(), ...found.keys()]);
    const changes = [...prefixes].map((prefix) => {
      const cache = this.of(prefix);
      return { cache, events: cache.reset(found.get(prefix) ?? [], revision) };
    });
    this.freshness.advance(revision);
    this.onReset();
    for (const { cache, events } of changes) for (const event of events) this.#announce(cache, event);
  }

  /** Watches until the signal; after an interruption from the last revision seen, after a gap from a new list. */
  async #follow(from: number): Promise<void> {
    let after = from;
    let away = false;
    const onBatch = (batch: WatchBatch): void => {
      if (away) this.ctx.log.info('watch of the store goes on');
      away = false;
      this.#apply(batch);
    };
    for (;;) {
      try {
        await this.parts.store.watch({ prefix: ROOT, after }, onBatch, this.ctx);
      } catch (error) {
        if (this.ctx.signal.aborted) return;
        // Said once: it is tried again five times a second.
        if (!isAborted(error))
          this.ctx.log[away ? 'debug' : 'warn']('watch of the store broke off', { error: messageOf(error) });
        away = true;
        if (error instanceof CompactedError) await this.#relist();
      }
      if (this.ctx.signal.aborted) return;
      after = this.revision;
      await this.ctx.clock.sleep(200, this.ctx.signal).catch(() => {});
      if (this.ctx.signal.aborted) return;
    }
  }

  /** Until it is over the caches stay as they were, which is true of their revision. Whoever waits for a later one waits for it. */
  async #relist(): Promise<void> {
    await this.#load().catch((error) => this.ctx.log.error('cannot list the store again', { error }));
  }

  #apply(batch: WatchBatch): void {
    const changes: CacheEvent[] = [];
    for (const event of batch.events) {
      const change = this.#change(event);
      if (change) changes.push(change);
    }
    for (const change of changes) this.#batch.push(change);
    this.freshness.advance(batch.revision);
    // A subscriber may flush, which delivers what has gathered, whether or not it is announced.
    for (const change of changes) this.#announce(this.of(prefixOf(change.entry.key)), change);
    if (this.#batch.length > 0) this.#flushing ??= setImmediate(() => this.flush());
  }

  /** Hands on what has gathered; a new watcher calls it so that it begins exactly at `revision`. */
  flush(): void {
    if (this.#flushing) clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const events = this.#batch;
    if (events.length === 0) return;
    this.#batch = [];
    const byPrefix = new Map<string, CacheEvent[]>();
    for (const event of events) {
      const prefix = prefixOf(event.entry.key);
      const same = byPrefix.get(prefix);
      if (same) same.push(event);
      else byPrefix.set(prefix, [event]);
    }
    for (const [prefix, same] of byPrefix) this.#handOn(prefix, same);
  }

  /** One who follows a resource and throws hinders neither the others nor the cache. */
  #announce(cache: ResourceCache, event: CacheEvent): void {
    cache.announce(event, (error) =>
      this.ctx.log.error('who follows the cache threw', { key: event.entry.key, error }),
    );
  }

  #handOn(prefix: string, events: readonly CacheEvent[]): void {
    const over = (fault?: unknown): void => {
      if (fault !== undefined) this.#reset(prefix, fault);
      for (const { type, entry, old } of events) {
        old?.retire();
        if (type === 'DELETED') entry.retire();
        else entry.settle();
      }
    };
    try {
      this.onFlush(prefix, events, over);
    } catch (fault) {
      over(fault);
    }
  }

  /** A watcher that may have missed something must know: it begins anew. */
  #reset(prefix: string, error: unknown): void {
    this.ctx.log.error('changes could not be handed to watchers', { prefix, error });
    this.onReset();
  }

  /** Undefined when nothing changes for anybody. */
  #change(event: StoreEvent): CacheEvent | undefined {
    const key = event.type === 'put' ? event.entry.key : event.key;
    if (key === EPOCH_OFFSET_KEY) this.#setOffset(event.type === 'put' ? event.entry.value : undefined);
    if (!key.startsWith(REGISTRY)) return undefined;
    const cache = this.of(prefixOf(key));
    if (event.type === 'put') {
      const entry = this.#entry(event.entry);
      return entry && cache.put(entry);
    }
    const old = cache.get(key);
    if (!old) return undefined;
    return cache.remove(old, old.under(event.revision, this.parts.versions.format(event.revision)));
  }

  /** Bytes that are not ours must not stop the server: they are reported and left out. */
  #entry(entry: Entry): CacheEntry | undefined {
    try {
      return toCacheEntry(entry, this.parts.versions);
    } catch (error) {
      this.ctx.log.error('stored object cannot be read', { key: entry.key, error });
      return undefined;
    }
  }

  #setOffset(value: Uint8Array | undefined): void {
    this.parts.versions.offset = value ? Number(Buffer.from(value).toString()) : 0;
  }
}

export function toCacheEntry(entry: Entry, versions: ResourceVersions): CacheEntry {
  const version = versions.format(entry.revision);
  const bytes = spliceVersion(entry.value, version);
  const decoded = takeWritten(entry.value);
  if (decoded) (decoded.metadata as { resourceVersion?: string }).resourceVersion = version;
  const { namespace, name } = namesIn(entry.key);
  return new CacheEntry({ key: entry.key, revision: entry.revision, bytes, namespace, name, decoded });
}

/** What stands behind the prefix of a key; the namespace is empty for cluster-scoped objects. */
export function namesIn(key: string): { readonly namespace: string; readonly name: string } {
  const tail = key.slice(prefixOf(key).length);
  const slash = tail.indexOf('/');
  return slash < 0 ? { namespace: '', name: tail } : { namespace: tail.slice(0, slash), name: tail.slice(slash + 1) };
}

/** `/registry/<group>/<plural>/` of a key. */
export function prefixOf(key: string): string {
  return key.slice(0, key.indexOf('/', key.indexOf('/', REGISTRY.length) + 1) + 1);
}
