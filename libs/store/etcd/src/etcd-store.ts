import { type Clock, type Context, systemClock } from '@kubernest/kit';
import {
  Backlog,
  type CommitResult,
  CompactedError,
  checkKey,
  checkTransaction,
  type Entry,
  type ListOptions,
  type ListResult,
  type Store,
  StoreUnavailableError,
  type Transaction,
  type WatchBatch,
  type WatchOptions,
} from '@kubernest/store/contract';
import type { Etcd3, IRangeRequest, IRangeResponse } from 'etcd3';
import { CommitQueue } from './commit-queue.ts';
import { connect, type EtcdCredentials } from './connection.ts';
import { faultOf, LostRevisionError } from './faults.ts';
import { KeySpace } from './key-space.ts';
import { lastError } from './last-error.ts';
import { Leases } from './leases.ts';
import { ListBetween, type RangeQuery } from './list-between.ts';
import { etcdRevisionFor, type Range } from './past.ts';
import { endOf, isEnd, mainOf, PLACES, wholeOf } from './revisions.ts';
import { entryOf, packTransaction } from './transactions.ts';
import { Watcher } from './watcher.ts';

export type { EtcdCredentials } from './connection.ts';

export interface EtcdStoreOptions {
  /** `http://…` or `https://…` of one or all members. */
  readonly endpoints: readonly string[];
  /** Put before every key, with a `/` between; nothing outside of it is read or written. No store's prefix may lie below another's. */
  readonly prefix: string;
  readonly credentials?: EtcdCredentials;
  readonly clock?: Clock;
}

/** Opens the store and makes sure that etcd answers; rejects with `StoreUnavailableError` when it does not. */
export async function openEtcdStore(options: EtcdStoreOptions): Promise<Store> {
  if (options.endpoints.length === 0) throw new TypeError('etcd needs at least one endpoint');
  const client = await connect(options.endpoints, options.credentials);
  const store = new EtcdStore(client, new KeySpace(options.prefix), options.clock ?? systemClock);
  try {
    await store.ping();
    return store;
  } catch (error) {
    await store.close();
    if (!(error instanceof StoreUnavailableError)) throw error;
    const where = options.endpoints.join(', ');
    throw new StoreUnavailableError(`no etcd answers at ${where}: is it running? (${lastError(error.message)})`, {
      cause: error,
    });
  }
}

/** Entries asked for at once: keeps one answer of etcd within bounds. */
const PAGE = 2000;
/** How long a watch may lag behind a fresh read before it is nudged. */
const NUDGE_AFTER = 20;

class EtcdStore implements Store {
  readonly stride = PLACES;
  readonly #leases: Leases;
  readonly #commits: CommitQueue;
  readonly #backlog = new Backlog();
  readonly #watchers = new Set<Watcher>();
  readonly #running = new Set<Promise<unknown>>();
  /** The newest revision that a fresh read was given. */
  #wanted = 0;
  #nudge: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly client: Etcd3,
    private readonly keys: KeySpace,
    private readonly clock: Clock,
  ) {
    this.#leases = new Leases(client, clock);
    this.#commits = new CommitQueue(keys, (request) => this.#call(() => client.kv.txn(request)));
  }

  async ping(): Promise<void> {
    await this.#call(() => this.client.kv.range({ key: this.keys.tick, count_only: true }));
  }

  async get(key: string, ctx: Context, revision?: number): Promise<{ entry: Entry | undefined; revision: number }> {
    checkKey(key);
    const at = revision === undefined ? 0 : etcdRevisionFor(key, revision);
    const response = await this.#read({ key: this.keys.encode(key), revision: at }, ctx);
    const kv = response.kvs[0];
    return { entry: kv && entryOf(kv, this.keys), revision: revision ?? endOf(response.header.revision) };
  }

  async list(prefix: string, options: ListOptions, ctx: Context): Promise<ListResult> {
    const { revision } = options;
    if (revision === undefined) return this.#list(prefix, options, undefined, ctx);
    if (isEnd(revision)) return this.#list(prefix, options, Math.max(1, mainOf(revision)), ctx);
    const between = new ListBetween((query) => this.#range(prefix, query, ctx), revision, PAGE);
    return between.list(options);
  }

  async #range(
    prefix: string,
    { after, at, limit = 0, keysOnly = false, createdSince = 0 }: RangeQuery,
    ctx: Context,
  ): Promise<Range<Entry>> {
    const which = { limit, keys_only: keysOnly, min_create_revision: createdSince };
    const { kvs, count } = await this.#read({ ...this.keys.range(prefix, after), revision: at, ...which }, ctx);
    return { entries: kvs.map((kv) => entryOf(kv, this.keys)), count: Number(count) };
  }

  async #list(prefix: string, options: ListOptions, at: number | undefined, ctx: Context): Promise<ListResult> {
    const { limit = Number.POSITIVE_INFINITY } = options;
    const countOnly = options.countOnly === true || limit === 0;
    let { after } = options;
    let main = at;
    const entries: Entry[] = [];
    for (;;) {
      const range = { ...this.keys.range(prefix, after), revision: main ?? 0 };
      const page = Math.min(PAGE, limit - entries.length);
      const which = countOnly ? { count_only: true } : { limit: page, keys_only: options.keysOnly };
      const response = await this.#read({ ...range, ...which }, ctx);
      main ??= Number(response.header.revision);
      for (const kv of response.kvs) entries.push(entryOf(kv, this.keys));
      const remaining = Number(response.count) - response.kvs.length;
      if (countOnly || remaining <= 0 || entries.length >= limit) return { entries, revision: endOf(main), remaining };
      after = entries.at(-1)!.key;
    }
  }

  async commit(transaction: Transaction, ctx: Context): Promise<CommitResult> {
    this.#check(ctx);
    checkTransaction(transaction);
    const leave = this.#backlog.enter(transaction);
    return this.#call(async () => {
      try {
        const request = await packTransaction(transaction, this.keys, this.#leases);
        return await this.#commits.add(transaction, request, ctx.signal);
      } finally {
        leave();
      }
    }, ctx);
  }

  async watch({ prefix, after }: WatchOptions, onBatch: (batch: WatchBatch) => void, ctx: Context): Promise<void> {
    this.#check(ctx);
    if (after > (await this.#fresh(ctx))) throw new CompactedError(await this.#compactedRevision());
    this.#check(ctx);
    const watcher = new Watcher({ client: this.client, keys: this.keys, prefix, after, onBatch });
    const onAbort = () => watcher.end(ctx.signal.reason);
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    this.#watchers.add(watcher);
    try {
      await watcher.done;
    } finally {
      this.#watchers.delete(watcher);
      ctx.signal.removeEventListener('abort', onAbort);
    }
  }

  async currentRevision(ctx: Context): Promise<number> {
    const revision = await this.#fresh(ctx);
    this.#nudgeWatchers(revision);
    return revision;
  }

  async compact(revision: number, ctx: Context): Promise<void> {
    const present = await this.#fresh(ctx);
    const main = wholeOf(Math.min(revision, present));
    if (main <= 0) return;
    try {
      await this.#call(() => this.client.kv.compact({ revision: main, physical: true }), ctx);
    } catch (error) {
      if (!(error instanceof LostRevisionError)) throw error;
    }
  }

  async size(ctx: Context): Promise<number> {
    this.#check(ctx);
    return Number((await this.#call(() => this.client.maintenance.status(), ctx)).dbSize);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#nudge?.();
    await Promise.allSettled([...this.#running]);
    for (const watcher of this.#watchers) watcher.end(closed());
    this.client.close();
  }

  #check(ctx: Context): void {
    ctx.signal.throwIfAborted();
    if (this.#closing) throw closed();
  }

  async #fresh(ctx: Context): Promise<number> {
    this.#check(ctx);
    const response = await this.#call(() => this.client.kv.range({ key: this.keys.tick, count_only: true }), ctx);
    return endOf(response.header.revision);
  }

  async #read(request: IRangeRequest, ctx: Context): Promise<IRangeResponse> {
    this.#check(ctx);
    try {
      return await this.#call(() => this.client.kv.range(request), ctx);
    } catch (error) {
      if (error instanceof LostRevisionError) throw new CompactedError(await this.#compactedRevision());
      throw error;
    }
  }

  /** etcd names its compacted revision only to a watch that begins below it. */
  async #compactedRevision(): Promise<number> {
    const probe = new Watcher({
      client: this.client,
      keys: this.keys,
      prefix: '',
      after: 0,
      onBatch: () => probe.end(new CompactedError(0)),
    });
    const error: unknown = await probe.done.catch((reason) => reason);
    return error instanceof CompactedError ? error.compactedRevision : 0;
  }

  /** Runs one call of the client, given up on abort, waited for on close, its errors ours. */
  #call<T>(run: () => Promise<T>, ctx?: Context): Promise<T> {
    const running = run().catch((error) => {
      throw faultOf(error);
    });
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    return ctx ? abortable(running, ctx.signal) : running;
  }

  /**
   * Revisions made by others in the same etcd reach none of our watches. So that a reader who waits for this one does not wait for
   * ever, a watch that is still behind after a moment is moved on by a write of our own.
   */
  #nudgeWatchers(revision: number): void {
    this.#wanted = Math.max(this.#wanted, revision);
    const behind = () => [...this.#watchers].some((watcher) => watcher.seen < this.#wanted);
    if (this.#nudge || !behind()) return;
    this.#nudge = this.clock.after(NUDGE_AFTER, () => {
      this.#nudge = undefined;
      if (this.#closing || !behind()) return;
      this.#call(() => this.client.kv.put({ key: this.keys.tick, value: Buffer.alloc(0) })).catch(() => {});
    });
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const closed = () => new StoreUnavailableError('the store is closed');
