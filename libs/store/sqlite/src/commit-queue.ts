import {
  Backlog,
  type CommitResult,
  type StoreEvent,
  StoreUnavailableError,
  type Transaction,
} from '@kubernest/store/contract';
import type { Reply } from './protocol.ts';
import { eventsOf, packCommit, resultOf } from './wire.ts';
import { errorOf, type WorkerLink } from './worker-link.ts';

interface Waiting {
  readonly transaction: Transaction;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  readonly link: WorkerLink;
  readonly now: () => number;
  /** Called once per durable batch, before any of its callers hears of it. */
  readonly onDurable: (events: readonly StoreEvent[], reply: Extract<Reply, { kind: 'committed' }>) => void;
  readonly onFailed: (reply: Extract<Reply, { kind: 'failed' }>) => void;
}

const BATCH_TRANSACTIONS = 1024;
const BATCH_BYTES = 16 * 1024 * 1024;

/** Group commit: one batch in flight; the next is whatever gathered while its fsync ran. */
export class CommitQueue {
  readonly #backlog = new Backlog();
  #queue: Waiting[] = [];
  #inFlight: readonly Waiting[] = [];
  #scheduled = false;
  #drained: (() => void)[] = [];

  constructor(private readonly options: CommitQueueOptions) {}

  /** Given up on abort: one that waits is taken out, one in flight goes on without its caller. */
  add(transaction: Transaction, signal: AbortSignal): Promise<CommitResult> {
    const leave = this.#backlog.enter(transaction);
    return new Promise((resolve, reject) => {
      const waiting = { transaction, resolve, reject };
      const onAbort = () => {
        const before = this.#queue.length;
        this.#queue = this.#queue.filter((other) => other !== waiting);
        if (this.#queue.length < before) leave();
        reject(signal.reason);
      };
      const settle =
        <T>(how: (value: T) => void) =>
        (value: T) => {
          signal.removeEventListener('abort', onAbort);
          leave();
          how(value);
        };
      signal.addEventListener('abort', onAbort, { once: true });
      Object.assign(waiting, { resolve: settle(resolve), reject: settle(reject) });
      this.#queue.push(waiting);
      this.#schedule();
    });
  }

  /** Resolves when everything added so far is answered. */
  drained(): Promise<void> {
    if (this.#queue.length + this.#inFlight.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  // Callers woken by the batch before add theirs in this turn of the event loop: they belong together.
  #schedule(): void {
    if (this.#scheduled || this.#inFlight.length > 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#take();
    if (batch.length === 0) {
      this.#settleDrained();
      return;
    }
    this.#inFlight = batch;
    const message = packCommit(
      batch.map((waiting) => waiting.transaction),
      this.options.now(),
    );
    this.options.link.ask(message, (reply) => this.#finish(batch, reply), [message.values.buffer as ArrayBuffer]);
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { transaction } of this.#queue) {
      for (const write of transaction.writes) if (write.op === 'put') bytes += write.value.byteLength;
      if (count > 0 && (bytes > BATCH_BYTES || count >= BATCH_TRANSACTIONS)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #finish(batch: readonly Waiting[], reply: Reply): void {
    this.#inFlight = [];
    if (reply.kind === 'committed') {
      const { outcomes } = reply;
      this.options.onDurable(
        batch.flatMap(({ transaction }, i) => eventsOf(outcomes[i]!, transaction)),
        reply,
      );
      batch.forEach(({ transaction, resolve, reject }, i) => {
        try {
          resolve(resultOf(outcomes[i]!, transaction));
        } catch (error) {
          reject(error);
        }
      });
    } else {
      const error = reply.kind === 'failed' ? errorOf(reply) : new StoreUnavailableError(`unexpected ${reply.kind}`);
      if (reply.kind === 'failed') this.options.onFailed(reply);
      for (const { reject } of batch) reject(error);
    }
    if (this.#queue.length > 0) this.#schedule();
    else this.#settleDrained();
  }

  #settleDrained(): void {
    if (this.#queue.length + this.#inFlight.length > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }
}
