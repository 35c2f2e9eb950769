import type { Clock } from '@kubernest/kit';

/** Calls `expire` when the next key is due. Sleeps without a timer while no key can expire. */
export class ExpiryTimer {
  #cancel: (() => void) | undefined;
  #at: number | undefined;
  readonly #start: number;

  constructor(
    private readonly clock: Clock,
    private readonly expire: () => void,
  ) {
    this.#start = clock.now().getTime() - clock.monotonic();
  }

  /** Wall time that does not jump while this process lives. */
  now(): number {
    return this.#start + this.clock.monotonic();
  }

  /** The next key is due at `at`; undefined: none. */
  set(at: number | undefined): void {
    if (at === this.#at) return;
    this.#cancel?.();
    this.#at = at;
    this.#cancel =
      at === undefined
        ? undefined
        : this.clock.after(Math.min(Math.max(0, at - this.now()), LONGEST), () => this.#fire());
  }

  #fire(): void {
    this.#at = undefined;
    this.expire();
  }
}

// A Node timer takes no more than 2^31 ms; waking early once a day is cheap.
const LONGEST = 24 * 3600 * 1000;
