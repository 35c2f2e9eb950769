import { Backoff, type Clock, type Milliseconds } from '@kubernest/kit';
import type { QueueWatch } from './queue-watch.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** How long a key that failed waits: doubled each time. 5 ms up to 1000 s unless given, as Kubernetes' controllers do. */
  readonly initial?: Milliseconds;
  readonly max?: Milliseconds;
  readonly watch?: QueueWatch | undefined;
}

/**
 * Keys that wait for work. A key is there once however often it was added; one that is added while in work comes again after it,
 * never beside it. `take` hands keys out in the order they came.
 */
export class WorkQueue {
  readonly #ready = new Set<string>();
  /** Goes on where it was: to begin at the front each time steps over all that has been taken from there. */
  #next = this.#ready.values();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, { readonly at: Milliseconds; readonly cancel: () => void }>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  readonly #backoff: Backoff;
  #closed = false;

  constructor(private readonly options: WorkQueueOptions) {
    this.#backoff = new Backoff({ initial: options.initial ?? 5, max: options.max ?? 1_000_000 });
  }

  add(key: string): void {
    if (this.#closed) return;
    this.options.watch?.added(key);
    if (this.#working.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#hand();
  }

  /** At the latest after `delay`: of two delays of one key the earlier counts. */
  addAfter(key: string, delay: Milliseconds): void {
    if (delay <= 0) return this.add(key);
    this.options.watch?.delayed();
    const at = this.options.clock.monotonic() + delay;
    const waiting = this.#delayed.get(key);
    if (this.#closed || (waiting && waiting.at <= at)) return;
    waiting?.cancel();
    const cancel = this.options.clock.after(delay, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { at, cancel });
  }

  /** Its work failed: it comes again, later from time to time. Returns how long it waits. */
  retry(key: string): Milliseconds {
    const wait = this.#backoff.next(key);
    this.addAfter(key, wait);
    return wait;
  }

  /** Its work succeeded: its next failure waits little again. */
  forget(key: string): void {
    this.#backoff.forget(key);
  }

  failures(key: string): number {
    return this.#backoff.failures(key);
  }

  /** The next key to work on, or undefined once closed. Every key taken must be given to `done`. */
  take(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#hand();
    });
  }

  done(key: string): void {
    this.#working.delete(key);
    this.options.watch?.done(key);
    if (!this.#again.delete(key) || this.#closed) return;
    this.#ready.add(key);
    this.#hand();
  }

  /** Waiting or ready; not those in work. */
  get length(): number {
    return this.#ready.size;
  }

  get busy(): number {
    return this.#working.size;
  }

  close(): void {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    this.#again.clear();
    this.options.watch?.closed();
    this.#hand();
  }

  /** To be taken: it is not given twice. */
  #first(): string | undefined {
    const { done, value } = this.#next.next();
    if (!done) return value;
    this.#next = this.#ready.values();
    return this.#next.next().value;
  }

  #hand(): void {
    while (this.#takers.length > 0) {
      const key = this.#first();
      if (key === undefined && !this.#closed) return;
      if (key !== undefined) {
        this.#ready.delete(key);
        this.#working.add(key);
        this.options.watch?.taken(key);
      }
      this.#takers.shift()!(key);
    }
  }
}
