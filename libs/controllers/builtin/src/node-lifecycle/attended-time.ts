import type { Context, Milliseconds } from '@kubernest/kit';

const LOOK_EVERY: Milliseconds = 1000;

/**
 * Counts only time in which this process was itself on time. Whatever kept it from that (it was stopped, the machine was too busy, one long
 * turn of its event loop) kept signs of life from reaching it too: a silence that long proves nothing about others.
 */
export class AttendedTime {
  #counted: Milliseconds = 0;
  #lookedAt: Milliseconds;
  #cancel = (): void => {};

  /** Counts until `ctx` is aborted. */
  constructor(private readonly ctx: Context) {
    this.#lookedAt = ctx.clock.monotonic();
    this.#look();
    ctx.signal.addEventListener('abort', () => this.#cancel(), { once: true });
  }

  /** Since it was made. */
  passed(): Milliseconds {
    return this.#counted + Math.min(this.ctx.clock.monotonic() - this.#lookedAt, LOOK_EVERY);
  }

  #look(): void {
    this.#counted = this.passed();
    this.#lookedAt = this.ctx.clock.monotonic();
    if (!this.ctx.signal.aborted) this.#cancel = this.ctx.clock.after(LOOK_EVERY, () => this.#look());
  }
}
