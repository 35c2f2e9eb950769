import { StoreBusyError, type Transaction } from './store.ts';

/** What may wait in one process for its outcome: as many transactions as etcd lets lie between commit and apply, and as many bytes as fit beside the rest. */
export const MAX_WAITING = { transactions: 5000, bytes: 64 * 1024 * 1024 };

/** Bounds what waits: a disk that is slower than its writers must not become a heap that grows. */
export class Backlog {
  #transactions = 0;
  #bytes = 0;

  /** Counts the transaction; what it returns is to be called, once, when its outcome is known. Throws `StoreBusyError`. */
  enter({ writes }: Transaction): () => void {
    let bytes = 0;
    for (const write of writes) if (write.op === 'put') bytes += write.value.byteLength;
    // One alone is let in whatever its size.
    const full = this.#transactions >= MAX_WAITING.transactions || this.#bytes + bytes > MAX_WAITING.bytes;
    if (full && this.#transactions > 0)
      throw new StoreBusyError(`${this.#transactions} writes of ${this.#bytes} bytes wait for the store already`);
    this.#transactions++;
    this.#bytes += bytes;
    return () => {
      this.#transactions--;
      this.#bytes -= bytes;
    };
  }
}
