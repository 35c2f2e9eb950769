import { Backoff, type Context, childContext, type Milliseconds } from '@kubernest/kit';

/** How long an informer waits after each failure, and who may cut that short. */
export class Retries {
  readonly #backoff = new Backoff({ initial: 200, max: 30_000 });
  #wake: (() => void) | undefined;

  constructor(private readonly random: () => number) {}

  /** Since something went well. */
  get failures(): number {
    return this.#backoff.failures('');
  }

  forget(): void {
    this.#backoff.forget('');
  }

  /** Counts a failure without waiting. */
  count(): Milliseconds {
    return this.#backoff.next('');
  }

  async pause(ctx: Context): Promise<void> {
    const { ctx: inner, controller } = childContext(ctx);
    this.#wake = () => controller.abort();
    await ctx.clock.sleep(this.count() * (0.5 + this.random()), inner.signal).catch(() => {});
    this.#wake = undefined;
    // Lets go of the outer signal.
    controller.abort();
  }

  /** Whoever waits goes on now, and waits little after the next failure. */
  now(): void {
    if (!this.#wake) return;
    this.forget();
    this.#wake();
  }
}
