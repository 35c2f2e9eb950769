import { type Clock, type Context, systemClock } from '@kubernest/kit';
import {
  type CommitResult,
  CompactedError,
  checkKey,
  checkTransaction,
  type Entry,
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
} from '@kubernest/store/contract';
import { abortable } from './abortable.ts';
import { CommitQueue } from './commit-queue.ts';
import { ExpiryTimer } from './expiry.ts';
import { listPast } from './past-list.ts';
import type { Reply, Request } from './protocol.ts';
import { WatchHub } from './watch-hub.ts';
import { unpackEntries, unpackEvents } from './wire.ts';
import { UNKNOWN_REVISION, WorkerLink } from './worker-link.ts';

export interface SqliteStoreOptions {
  /** Created when missing; one process at a time may have it open. */
  readonly directory: string;
  /** Refuse writes with `StoreFullError` once the database is this large; absent: as much as the disk holds. */
  readonly maxBytes?: number;
  /** The worker's program. Needed only in a bundle that does not have `sqlite-worker.js` beside it; see the README. */
  readonly workerEntry?: URL;
  /** What expiry goes by; the system's unless given. */
  readonly clock?: Clock;
}

/** Opens the store. Rejects with a sentence for people when another process has it, a newer program wrote it, or it is damaged. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory, maxBytes } = options;
  const link = new WorkerLink(options.workerEntry, { kubernestSqliteWorker: true, directory, maxBytes });
  try {
    const opened = await link.fetch(undefined);
    if (opened.kind !== 'opened') throw new Error(`unexpected ${opened.kind}`);
    return new SqliteStore(link, opened, options.clock ?? systemClock);
  } catch (error) {
    await link.exited();
    throw error;
  }
}

class SqliteStore implements Store {
  readonly stride = 1;
  readonly #link: WorkerLink;
  readonly #hub: WatchHub;
  readonly #queue: CommitQueue;
  readonly #expiry: ExpiryTimer;
  #closing: Promise<void> | undefined;

  constructor(link: WorkerLink, opened: Extract<Reply, { kind: 'opened' }>, clock: Clock) {
    this.#link = link;
    this.#hub = new WatchHub(opened.revision);
    this.#expiry = new ExpiryTimer(clock, () => this.#expire());
    this.#queue = new CommitQueue({
      link,
      now: () => this.#expiry.now(),
      onDurable: (events, reply) => this.#durable(events, reply),
      onFailed: (reply) => this.#failed(reply),
    });
    this.#expiry.set(opened.nextExpiry);
    void link.exited().then(() => {
      this.#expiry.set(undefined);
      this.#hub.end(new StoreUnavailableError('the sqlite worker ended'));
    });
  }

  async get(key: string, ctx: Context, revision?: number): Promise<{ entry: Entry | undefined; revision: number }> {
    checkKey(key);
    const reply = await this.#read({ kind: 'get', key, revision }, ctx);
    return { entry: unpackEntries(reply.entries)[0], revision: reply.revision };
  }

  async list(prefix: string, options: ListOptions, ctx: Context): Promise<ListResult> {
    const { limit, after, revision, countOnly = false, keysOnly = false, uncounted = false } = options;
    if (revision !== undefined) return listPast(prefix, { ...options, revision }, (step) => this.#step(step, ctx));
    const reply = await this.#read(
      {
        kind: 'list',
        start: pageStart(prefix, after),
        end: prefixEnd(prefix),
        limit: limit ?? Number.MAX_SAFE_INTEGER - 1,
        countOnly,
        keysOnly,
        uncounted,
      },
      ctx,
    );
    return { entries: unpackEntries(reply.entries), revision: reply.revision, remaining: reply.remaining };
  }

  async commit(transaction: Transaction, ctx: Context): Promise<CommitResult> {
    this.#check(ctx);
    checkTransaction(transaction);
    return this.#queue.add(transaction, ctx.signal);
  }

  async watch({ prefix, after }: WatchOptions, onBatch: (batch: WatchBatch) => void, ctx: Context): Promise<void> {
    let seen = after;
    // Replies arrive in order: once the log is read up to what was handed out last, nothing lies between it and what comes.
    for (;;) {
      this.#check(ctx);
      if (seen === this.#hub.revision) return this.#follow(prefix, onBatch, ctx);
      const reply = await abortable(this.#link.fetch({ kind: 'history', prefix, after: seen }), ctx.signal);
      if (reply.kind === 'compacted') throw new CompactedError(reply.compacted);
      if (reply.kind !== 'history') throw new StoreUnavailableError(`unexpected ${reply.kind}`);
      seen = reply.through;
      onBatch({ events: unpackEvents(reply.events), revision: seen });
    }
  }

  async currentRevision(ctx: Context): Promise<number> {
    this.#check(ctx);
    // This process alone has the store open: what it acknowledged last is what there is.
    return this.#hub.revision;
  }

  async compact(revision: number, ctx: Context): Promise<void> {
    this.#check(ctx);
    let reply = await this.#link.fetch({ kind: 'compact', revision });
    while (reply.kind === 'swept' && reply.more) {
      this.#check(ctx);
      reply = await this.#link.fetch({ kind: 'sweep' });
    }
  }

  async size(ctx: Context): Promise<number> {
    this.#check(ctx);
    const reply = await abortable(this.#link.fetch({ kind: 'size' }), ctx.signal);
    if (reply.kind !== 'size') throw new StoreUnavailableError(`unexpected ${reply.kind}`);
    return reply.bytes;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#expiry.set(undefined);
    await this.#queue.drained();
    this.#expiry.set(undefined);
    this.#hub.end(closed());
    await new Promise<void>((resolve) => this.#link.ask({ kind: 'close' }, () => resolve()));
    await this.#link.exited();
  }

  #check(ctx: Context): void {
    ctx.signal.throwIfAborted();
    if (this.#closing) throw closed();
  }

  async #step(request: Request, ctx: Context): Promise<Extract<Reply, { kind: 'past' }>> {
    this.#check(ctx);
    const reply = await abortable(this.#link.fetch(request), ctx.signal);
    if (reply.kind === 'compacted') throw new CompactedError(reply.compacted);
    if (reply.kind !== 'past') throw new StoreUnavailableError(`unexpected ${reply.kind}`);
    return reply;
  }

  async #read(request: Request, ctx: Context): Promise<Extract<Reply, { kind: 'entries' }>> {
    this.#check(ctx);
    const reply = await abortable(this.#link.fetch(request), ctx.signal);
    if (reply.kind === 'compacted') throw new CompactedError(reply.compacted);
    if (reply.kind !== 'entries') throw new StoreUnavailableError(`unexpected ${reply.kind}`);
    return reply;
  }

  #follow(prefix: string, onBatch: (batch: WatchBatch) => void, ctx: Context): Promise<void> {
    return new Promise((_, reject) => {
      const onAbort = () => end(ctx.signal.reason);
      const end = (reason: unknown) => {
        remove();
        ctx.signal.removeEventListener('abort', onAbort);
        reject(reason);
      };
      const remove = this.#hub.add({ prefix, onBatch, onEnd: end });
      ctx.signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #durable(events: readonly StoreEvent[], { revision, nextExpiry }: { revision: number; nextExpiry?: number }): void {
    if (!this.#closing) this.#expiry.set(nextExpiry);
    this.#hub.publish(events, revision);
  }

  /** Nothing was written, or the worker is gone, or what was written is not known here: then watchers must look again. */
  #failed({ revision, message }: Extract<Reply, { kind: 'failed' }>): void {
    if (revision === this.#hub.revision) return;
    if (revision !== UNKNOWN_REVISION) this.#hub.revision = revision;
    this.#hub.end(new StoreUnavailableError(message));
  }

  #expire(): void {
    this.#link.ask({ kind: 'expire', now: this.#expiry.now() }, (reply) => {
      if (reply.kind === 'failed') {
        this.#failed(reply);
        if (reply.revision !== UNKNOWN_REVISION && !this.#closing) this.#expiry.set(this.#expiry.now() + RETRY_EXPIRY);
      }
      if (reply.kind !== 'expired') return;
      const { keys, revision } = reply;
      const before = revision - keys.length;
      this.#durable(
        keys.map((key, i) => ({ type: 'delete', key, revision: before + 1 + i })),
        reply,
      );
    });
  }
}

const RETRY_EXPIRY = 1000;
const closed = () => new StoreUnavailableError('the store is closed');
