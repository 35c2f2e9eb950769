// What the store and its worker say to each other. The worker answers every request with one reply, in order.
// This file and those under worker/ run in Node without a bundler: they import nothing but each other and node:.

export type Request =
  | {
      readonly kind: 'commit';
      readonly now: number;
      readonly transactions: readonly WireTransaction[];
      readonly values: Uint8Array;
    }
  | { readonly kind: 'expire'; readonly now: number }
  | { readonly kind: 'get'; readonly key: string; readonly revision: number | undefined }
  | {
      readonly kind: 'list';
      /** First key that may match, and the first that no longer does. */
      readonly start: string;
      readonly end: string | undefined;
      readonly limit: number;
      readonly countOnly: boolean;
      readonly keysOnly: boolean;
      readonly uncounted: boolean;
    }
  /** One step of a list as of a revision of the past: as much as takes a few milliseconds. */
  | {
      readonly kind: 'past';
      readonly what: 'entries' | 'keys' | 'count';
      readonly start: string;
      readonly end: string | undefined;
      readonly limit: number;
      readonly revision: number;
    }
  | { readonly kind: 'history'; readonly prefix: string; readonly after: number }
  | { readonly kind: 'compact'; readonly revision: number }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'size' }
  | { readonly kind: 'close' };

export interface WireTransaction {
  readonly conditions: readonly { readonly key: string; readonly revision: number }[];
  readonly writes: readonly WireWrite[];
  readonly fence: { readonly key: string; readonly token: string } | undefined;
}

/** `size` bytes of the request's `values`, taken in order; -1 deletes. */
export interface WireWrite {
  readonly key: string;
  readonly size: number;
  readonly expiresInSeconds?: number;
}

export type WireOutcome =
  /** `created` per write: the create revision of what was put or deleted; 0 where a delete found nothing. */
  | { readonly kind: 'ok'; readonly revision: number; readonly created: readonly number[] }
  | {
      readonly kind: 'differs';
      readonly revision: number;
      readonly keys: readonly string[];
      readonly entries: WireEntries;
    }
  | { readonly kind: 'fenced'; readonly found: string | undefined };

/** Columns of many entries; all values lie one after another in one buffer. A create revision of 0 marks a deletion or an absence. */
export interface WireEntries {
  readonly keys: readonly string[];
  readonly revisions: readonly number[];
  readonly created: readonly number[];
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
}

export type Reply =
  | { readonly kind: 'opened'; readonly revision: number; readonly nextExpiry: number | undefined }
  | {
      readonly kind: 'committed';
      readonly outcomes: readonly WireOutcome[];
      readonly revision: number;
      readonly nextExpiry: number | undefined;
    }
  | {
      readonly kind: 'expired';
      readonly keys: readonly string[];
      readonly revision: number;
      readonly nextExpiry: number | undefined;
    }
  | { readonly kind: 'entries'; readonly entries: WireEntries; readonly revision: number; readonly remaining: number }
  /** `next` is where the following step begins, absent at the end of the range; something is there if it `hasNext`. */
  | {
      readonly kind: 'past';
      readonly entries: WireEntries;
      readonly count: number;
      readonly next: string | undefined;
      readonly hasNext: boolean;
    }
  | { readonly kind: 'history'; readonly events: WireEntries; readonly through: number }
  | { readonly kind: 'compacted'; readonly compacted: number }
  | { readonly kind: 'swept'; readonly more: boolean }
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'closed' }
  /** `fault`: full = nothing was written; unknown = the outcome is open; refused = the data cannot be opened; damaged = some of it is lost. `revision`: what the data says now. */
  | {
      readonly kind: 'failed';
      readonly fault: 'full' | 'unknown' | 'refused' | 'damaged';
      readonly message: string;
      readonly revision: number;
    };

export interface WorkerOptions {
  readonly kubernestSqliteWorker: true;
  readonly directory: string;
  readonly maxBytes: number | undefined;
}
