import { type Clock, type Context, systemClock } from '@kubernest/kit';
import {
  type CommitResult,
  CompactedError,
  checkKey,
  checkTransaction,
  FencedError,
  type ListOptions,
  type ListResult,
  pageStart,
  prefixEnd,
  type Store,
  type StoreEvent,
  StoreUnavailableError,
  type Transaction,
  type WatchBatch,
  type WatchOptions,
  type Write,
} from '@kubernest/store/contract';
import { Versions } from './versions.ts';

export interface MemoryStoreOptions {
  /** What expiry goes by; the system's unless given. */
  readonly clock?: Clock;
}

interface Watcher {
  readonly prefix: string;
  readonly onBatch: (batch: WatchBatch) => void;
  readonly end: (reason: unknown) => void;
}

/** A store that forgets everything with the process: for tests. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options.clock ?? systemClock);
}

const NO_VALUE = new Uint8Array();
const closed = () => new StoreUnavailableError('the store is closed');
const keyOf = (event: StoreEvent) => (event.type === 'put' ? event.entry.key : event.key);

class MemoryStore implements Store {
  readonly stride = 1;
  readonly #versions = new Versions();
  readonly #watchers = new Set<Watcher>();
  readonly #expiries = new Map<string, () => void>();
  readonly #untold: WatchBatch[] = [];
  #closed = false;

  constructor(private readonly clock: Clock) {}

  async get(key: string, ctx: Context, revision?: number) {
    checkKey(key);
    await this.#turn(ctx);
    const at = this.#known(revision);
    return { entry: this.#versions.at(key, at), revision: at };
  }

  async list(prefix: string, options: ListOptions, ctx: Context): Promise<ListResult> {
    await this.#turn(ctx);
    const revision = this.#known(options.revision);
    const all = this.#versions.between(pageStart(prefix, options.after), prefixEnd(prefix), revision);
    const entries = options.countOnly ? [] : all.slice(0, options.limit);
    const remaining = all.length - entries.length;
    return {
      entries: options.keysOnly ? entries.map((entry) => ({ ...entry, value: NO_VALUE })) : entries,
      revision,
      remaining: options.uncounted ? Math.min(remaining, 1) : remaining,
    };
  }

  async commit(transaction: Transaction, ctx: Context): Promise<CommitResult> {
    this.#check(ctx);
    checkTransaction(transaction);
    const result = this.#apply(transaction);
    await Promise.resolve();
    ctx.signal.throwIfAborted();
    return result;
  }

  async watch({ prefix, after }: WatchOptions, onBatch: (batch: WatchBatch) => void, ctx: Context): Promise<void> {
    await this.#turn(ctx);
    this.#known(after);
    if (after < this.#versions.revision) {
      const events = this.#versions.after(after).filter((event) => keyOf(event).startsWith(prefix));
      onBatch({ events, revision: this.#versions.revision });
    }
    return new Promise((_, reject) => {
      const onAbort = () => end(ctx.signal.reason);
      const end = (reason: unknown) => {
        this.#watchers.delete(watcher);
        ctx.signal.removeEventListener('abort', onAbort);
        reject(reason);
      };
      const watcher = { prefix, onBatch, end };
      this.#watchers.add(watcher);
      ctx.signal.addEventListener('abort', onAbort, { once: true });
      if (ctx.signal.aborted) onAbort();
    });
  }

  async currentRevision(ctx: Context): Promise<number> {
    this.#check(ctx);
    return this.#versions.revision;
  }

  async compact(revision: number, ctx: Context): Promise<void> {
    this.#check(ctx);
    this.#versions.compact(revision);
  }

  async size(ctx: Context): Promise<number> {
    this.#check(ctx);
    return this.#versions.bytes();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#expiries.values()) cancel();
    this.#expiries.clear();
    for (const watcher of [...this.#watchers]) watcher.end(closed());
  }

  #check(ctx: Context): void {
    ctx.signal.throwIfAborted();
    if (this.#closed) throw closed();
  }

  // Real stores never answer at once; callers must not come to rely on it.
  async #turn(ctx: Context): Promise<void> {
    this.#check(ctx);
    await Promise.resolve();
    this.#check(ctx);
  }

  #known(revision: number = this.#versions.revision): number {
    const { compacted } = this.#versions;
    if (revision < compacted || revision > this.#versions.revision) throw new CompactedError(compacted);
    return revision;
  }

  #apply({ conditions, writes, fence }: Transaction): CommitResult {
    if (fence) {
      const value = this.#versions.at(fence.key)?.value;
      const found = value && new TextDecoder().decode(value);
      if (found !== fence.token)
        throw new FencedError(`${fence.key} holds ${found ?? 'nothing'}, not ${fence.token}: another leader took over`);
    }
    const failed = conditions
      .map(({ key, revision }) => ({ key, revision, entry: this.#versions.at(key) }))
      .filter(({ revision, entry }) => (entry?.revision ?? 0) !== revision)
      .map(({ key, entry }) => ({ key, entry }));
    if (failed.length > 0) return { ok: false, failed, revision: this.#versions.revision };
    const events = this.#versions.apply(writes);
    for (const write of writes) this.#schedule(write);
    this.#publish(events);
    return { ok: true, revision: this.#versions.revision };
  }

  #schedule(write: Write): void {
    this.#expiries.get(write.key)?.();
    this.#expiries.delete(write.key);
    if (write.op === 'delete' || write.expiresInSeconds === undefined) return;
    const expire = () => {
      this.#expiries.delete(write.key);
      this.#publish(this.#versions.apply([{ op: 'delete', key: write.key }]));
    };
    this.#expiries.set(write.key, this.clock.after(write.expiresInSeconds * 1000, expire));
  }

  // A callback may commit: what that makes waits until everyone has heard of what is being told.
  #publish(events: readonly StoreEvent[]): void {
    if (events.length === 0) return;
    this.#untold.push({ events, revision: this.#versions.revision });
    if (this.#untold.length > 1) return;
    for (let batch = this.#untold[0]; batch; this.#untold.shift(), batch = this.#untold[0]) this.#tell(batch);
  }

  #tell({ events, revision }: WatchBatch): void {
    for (const { prefix, onBatch, end } of [...this.#watchers]) {
      try {
        onBatch({ events: events.filter((event) => keyOf(event).startsWith(prefix)), revision });
      } catch (error) {
        end(error);
      }
    }
  }
}
