import type { Context, Milliseconds } from '@kubernest/kit';

/**
 * Waits for many things at once, for none of them longer than so long, and for nothing once the context is over. With one listener of its
 * signal: a signal for each of thousands costs more than all else that is done for it.
 */
export class InTime {
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly most: Milliseconds,
    private readonly ctx: Context,
  ) {
    const letGo = (): void => {
      for (const go of this.#waiting) go();
    };
    ctx.signal.addEventListener('abort', letGo, { once: true });
  }

  /** Resolves with what is waited for, whether it fails or not, or when it was waited for long enough. */
  wait(what: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const go = (): void => {
      this.#waiting.delete(go);
      cancel();
      resolve();
    };
    this.#waiting.add(go);
    const cancel = this.ctx.clock.after(this.most, go);
    what.then(go, go);
    if (this.ctx.signal.aborted) go();
    return promise;
  }
}
