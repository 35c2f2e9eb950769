import { type CommitResult, StoreUnavailableError, type Transaction } from '@kubernest/store/contract';
import type { ITxnRequest, ITxnResponse } from 'etcd3';
import { LeaseGoneError } from './faults.ts';
import type { KeySpace } from './key-space.ts';
import { placeOf } from './revisions.ts';
import { packGroup, unpackGroup, unpackResult } from './transactions.ts';

interface Waiting {
  readonly transaction: Transaction;
  readonly request: ITxnRequest;
  readonly signal: AbortSignal;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** With one call alone under way, a slow disk would make every write wait for two. */
const CALLS = 2;
const GROUP_TRANSACTIONS = 64;
/** etcd takes 1.5 MB at once unless told otherwise. */
const GROUP_BYTES = 512 * 1024;
/** etcd takes 128 operations at once unless told otherwise, and counts those of the largest within with those that hold them. */
const GROUP_OPERATIONS = 120;

/** Group commit: what gathers while calls are under way becomes one transaction of etcd's, in which each keeps its own conditions. */
export class CommitQueue {
  #queue: Waiting[] = [];
  #calls = 0;
  #scheduled = false;

  constructor(
    private readonly keys: KeySpace,
    private readonly send: (request: ITxnRequest) => Promise<ITxnResponse>,
  ) {}

  /** Given up on abort while it waits; what is under way is not called back. */
  add(transaction: Transaction, request: ITxnRequest, signal: AbortSignal): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ transaction, request, signal, resolve, reject });
      this.#schedule();
    });
  }

  // Callers woken by one answer add theirs in this turn of the event loop: they belong together.
  #schedule(): void {
    if (this.#scheduled || this.#calls >= CALLS || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const group = this.#take();
      if (group.length > 0) void this.#commit(group);
      this.#schedule();
    });
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    this.#calls++;
    try {
      const response = await this.send(packGroup(group.map(({ request }) => request)));
      const answers = unpackGroup(response, group.length);
      for (const [i, { transaction, resolve, reject }] of group.entries()) {
        try {
          resolve(unpackResult(answers[i]!, transaction, this.keys));
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      const unknown = error instanceof StoreUnavailableError && !(error instanceof LeaseGoneError);
      if (unknown || group.length === 1) for (const { reject } of group) reject(error);
      // Refused as a whole: the one whose fault it is must not take the others with it.
      else await Promise.all(group.map((one) => this.#commit([one])));
    }
    this.#calls--;
    this.#schedule();
  }

  #take(): readonly Waiting[] {
    const group = new Group();
    this.#queue = this.#queue.filter((waiting) => {
      if (waiting.signal.aborted) waiting.reject(waiting.signal.reason);
      return !waiting.signal.aborted && !group.add(waiting);
    });
    return group.members;
  }
}

/**
 * Transactions that one transaction of etcd's may hold. etcd looks at all conditions before it writes anything, so none may ask about
 * what another writes; and no two may write at the same place, because they would share a revision.
 */
class Group {
  readonly members: Waiting[] = [];
  readonly #asked = new Set<string>();
  readonly #written = new Set<string>();
  readonly #places = new Set<number>();
  #bytes = 0;
  #operations = 0;

  add(waiting: Waiting): boolean {
    const { conditions, writes, fence } = waiting.transaction;
    const asked = conditions.map(({ key }) => key);
    if (fence) asked.push(fence.key);
    const written = writes.map(({ key }) => key);
    const places = written.map(placeOf);
    const bytes = writes.reduce((sum, write) => sum + (write.op === 'put' ? write.value.byteLength : 0), this.#bytes);
    const operations = Math.max(this.#operations, asked.length, writes.length);
    if (this.members.length > 0) {
      if (this.members.length === GROUP_TRANSACTIONS || bytes > GROUP_BYTES) return false;
      if (this.members.length + 1 + operations > GROUP_OPERATIONS) return false;
      if (asked.some((key) => this.#written.has(key)) || written.some((key) => this.#asked.has(key))) return false;
      if (places.some((place) => this.#places.has(place))) return false;
    }
    this.members.push(waiting);
    for (const key of asked) this.#asked.add(key);
    for (const key of written) this.#written.add(key);
    for (const place of places) this.#places.add(place);
    this.#bytes = bytes;
    this.#operations = operations;
    return true;
  }
}
