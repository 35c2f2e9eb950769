import type { Context } from '@kubernest/kit';

/**
 * A revisioned key-value log: what the control plane asks of SQLite or etcd. Every write takes a revision. Revisions start above 0,
 * only rise from one transaction to the next, and two transactions never share one, so that who has seen one write has not silently
 * missed another. The writes of one transaction carry one revision or, in stores that commit transactions together, each its own.
 * Keys are UTF-8 paths (`/registry/pods/default/web-1`), ordered bytewise. Values are opaque bytes; those of one transaction are never more than 1.5 MiB.
 * Several processes may use one store at once (etcd); everything here is safe to call concurrently.
 */
export interface Store {
  /** How far `currentRevision` moves on at most with one transaction: what a count of transactions is as a distance of revisions. */
  readonly stride: number;

  /**
   * One key as of now (or of `revision`). Linearizable: sees every write acknowledged before the call. Throws `CompactedError` when
   * `revision` is gone or lies ahead. `revision` in the answer is the one it is true at.
   */
  get(
    key: string,
    ctx: Context,
    revision?: number,
  ): Promise<{ readonly entry: Entry | undefined; readonly revision: number }>;

  /**
   * Keys that start with `prefix`, in order. All pages of one list are read at one revision: pass the first page's `revision` and
   * the last key seen as `after`. Throws `CompactedError` when `revision` is gone. Linearizable when `revision` is absent. However
   * much is read of the past, commits go on meanwhile.
   */
  list(prefix: string, options: ListOptions, ctx: Context): Promise<ListResult>;

  /**
   * All or nothing. Resolves after the write is durable (fsync returned), never before. When a condition does not hold nothing is
   * written and the result says which key was different, with its present entry. Aborting while it runs leaves the outcome open.
   * Throws `FencedError` when `fence` is out of date, `StoreUnavailableError` when the outcome is unknown or the store is away,
   * `TooLargeError` when the values are more than 1.5 MiB (nothing was written), `StoreFullError` when the disk is full (nothing was
   * written; works again once there is room), `StoreBusyError` when more than `MAX_WAITING` wait in this process already (nothing was
   * written; there is room again once some are answered).
   */
  commit(transaction: Transaction, ctx: Context): Promise<CommitResult>;

  /**
   * Every change under `prefix` with a revision above `after`, in order, each once, with no gap: first what is past, then what
   * comes, until `ctx.signal` aborts. Batches are whatever arrived together and never split a transaction. `progress` tells, without
   * events, that nothing up to its revision is missing. Rejects with `CompactedError` when `after` is below the compacted
   * revision, and with `StoreUnavailableError` when the store went away: the caller then watches again from the last revision it saw.
   * Rejects with `ctx.signal.reason` once aborted, and with what `onBatch` threw; other watchers are not harmed. `onBatch` is called
   * synchronously, before the `commit` that made the batch resolves in the same process; it must be quick.
   */
  watch(options: WatchOptions, onBatch: (batch: WatchBatch) => void, ctx: Context): Promise<void>;

  /** What a fresh read must reach: not below the last committed write, below every later one. Linearizable. */
  currentRevision(ctx: Context): Promise<number>;

  /** Forgets history at and below `revision`: the newest value of each key stays. Compacting twice is harmless. Space is given back. */
  compact(revision: number, ctx: Context): Promise<void>;

  /** Bytes used on disk, for status and metrics. */
  size(ctx: Context): Promise<number>;

  /** Drains, then closes. Calls after this reject with `StoreUnavailableError`. Twice is harmless. */
  close(): Promise<void>;
}

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision of the last write of this key. */
  readonly revision: number;
  /** Revision at which this life of the key began. */
  readonly createRevision: number;
}

export interface ListOptions {
  /** At most so many entries; absent: all. */
  readonly limit?: number;
  /** Only keys above this one (the last key of the page before). */
  readonly after?: string;
  /** Read as of this revision; absent: now. */
  readonly revision?: number;
  /** Count only: `entries` comes back empty. */
  readonly countOnly?: boolean;
  /** Values come back empty: enough to tell which entries are known already. */
  readonly keysOnly?: boolean;
  /** `remaining` says only whether there are more: 0 where there are none. For who reads on, as counting takes as long as the rest is long. */
  readonly uncounted?: boolean;
}

export interface ListResult {
  readonly entries: readonly Entry[];
  /** The revision the list is true at. */
  readonly revision: number;
  /** Entries that match and come after this page; see `uncounted`. */
  readonly remaining: number;
}

/** At most `MAX_OPERATIONS` conditions and as many writes; a transaction that cannot be meant rejects with a `TypeError`. */
export interface Transaction {
  readonly conditions: readonly Condition[];
  /** No two writes of one transaction name the same key. */
  readonly writes: readonly Write[];
  readonly fence?: Fence;
}

/** The key's revision must be this; 0 means that it must not exist. */
export interface Condition {
  readonly key: string;
  readonly revision: number;
}

export type Write =
  | {
      readonly op: 'put';
      readonly key: string;
      /** Not to be changed after `commit` was called: watchers of the same process may be handed these very bytes. */
      readonly value: Uint8Array;
      /** The key is deleted (with a watch event) this many seconds after this write unless written again. To within two seconds late, never early. */
      readonly expiresInSeconds?: number;
    }
  /** Deleting what is not there is no write and no event. */
  | { readonly op: 'delete'; readonly key: string };

/** A leader's proof: the value stored at `key` must be exactly `token`, else another leader has taken over. */
export interface Fence {
  readonly key: string;
  readonly token: string;
}

export type CommitResult =
  /** The revision of the first write. */
  | { readonly ok: true; readonly revision: number }
  | {
      readonly ok: false;
      readonly failed: readonly { readonly key: string; readonly entry: Entry | undefined }[];
      readonly revision: number;
    };

export interface WatchOptions {
  readonly prefix: string;
  /** Only changes above this revision. */
  readonly after: number;
}

export interface WatchBatch {
  readonly events: readonly StoreEvent[];
  /** Everything up to here has been delivered. */
  readonly revision: number;
}

export type StoreEvent =
  | { readonly type: 'put'; readonly entry: Entry }
  | { readonly type: 'delete'; readonly key: string; readonly revision: number };

/** The revision asked for was compacted away, or lies ahead of a store that was restored. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';
  constructor(readonly compactedRevision: number) {
    super(`revision is compacted: history starts after ${compactedRevision}`);
  }
}
export class FencedError extends Error {
  override readonly name = 'FencedError';
}
/** The store is away or the outcome is unknown. Callers may read to learn it. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
/** More bytes in one transaction than any store takes. Nothing was written. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}
/** No room on the disk. Nothing was written. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}
/** Too many writes wait already. Nothing was written. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
}
