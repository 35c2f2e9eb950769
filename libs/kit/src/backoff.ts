import type { Milliseconds } from './clock.ts';

export interface BackoffOptions {
  readonly initial: Milliseconds;
  readonly max: Milliseconds;
  /** What each failure multiplies the wait by; 2 unless given. */
  readonly factor?: number;
}

/** Exponential back-off per key. Not shared between processes. */
export class Backoff {
  readonly #failures = new Map<string, number>();

  constructor(private readonly options: BackoffOptions) {}

  /** Counts a failure of `key` and returns how long to wait before its next attempt. */
  next(key: string): Milliseconds {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(this.options.max, this.options.initial * (this.options.factor ?? 2) ** failures);
  }

  /** How often `key` failed since it was last forgotten. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** `key` succeeded: its next failure waits `initial` again. */
  forget(key: string): void {
    this.#failures.delete(key);
  }
}
