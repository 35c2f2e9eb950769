/**
 * How many turns of the event loop a question waits for others. Idle, that is microseconds; busy, each turn brings the requests of
 * a whole burst of answers, and a question costs as much as the rest of several reads.
 */
const TURNS = 3;

/** Who may give up. The signal is asked for only when there is something to wait for: most reads make none. */
export interface Asker {
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Answers "has the cache reached the store?" Questions are gathered: all of a few turns of the event loop are one, and while one is on its
 * way to the store, all that come wait for the next one together, because the answer under way may be older than their question.
 */
export class Freshness {
  #reached = 0;
  readonly #waiters = new Set<Waiter>();
  #busy = false;
  #next:
    | { promise: Promise<number>; resolve: (revision: number) => void; reject: (reason: unknown) => void }
    | undefined;

  constructor(private readonly fetchRevision: () => Promise<number>) {}

  get reached(): number {
    return this.#reached;
  }

  /** How many wait for the cache. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** The cache has everything up to `revision`. */
  advance(revision: number): void {
    if (revision <= this.#reached) return;
    this.#reached = revision;
    for (const waiter of this.#waiters) if (waiter.revision <= revision) waiter.resolve();
  }

  /** A quorum read of the revision: resolves once the cache has every write acknowledged before this call. Rejects when the asker gives up. */
  async current(asker: Asker): Promise<void> {
    const revision = await this.#question();
    if (revision > this.#reached) await this.until(revision, asker);
  }

  /** Resolves once the cache has everything up to `revision`, which may never come: who gives up is forgotten. */
  async until(revision: number, asker: Asker): Promise<void> {
    if (revision <= this.#reached) return;
    const { signal } = asker;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { revision, resolve, reject };
    const giveUp = (): void => reject(signal.reason);
    this.#waiters.add(waiter);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      this.#waiters.delete(waiter);
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** The cache stops: rejects all waiters. */
  fail(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(reason);
  }

  #question(): Promise<number> {
    this.#next ??= Promise.withResolvers<number>();
    this.#schedule();
    return this.#next.promise;
  }

  #schedule(): void {
    if (this.#busy || !this.#next) return;
    this.#busy = true;
    this.#gather(TURNS);
  }

  #gather(turns: number): void {
    setImmediate(() => (turns > 1 ? this.#gather(turns - 1) : this.#ask()));
  }

  #ask(): void {
    const { resolve, reject } = this.#next!;
    this.#next = undefined;
    this.fetchRevision()
      .then(resolve, reject)
      .finally(() => {
        this.#busy = false;
        this.#schedule();
      });
  }
}
