import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** What every long-running or fallible call gets, always as the last parameter. */
export interface Context {
  /** Aborts when the caller no longer wants the result. Whoever is aborted rejects with `signal.reason` and leaves nothing half open. */
  readonly signal: AbortSignal;
  /** The only source of time; a fake one in tests. */
  readonly clock: Clock;
  readonly log: Logger;
}

/** Lives from start to stop. Groups start in order and stop in reverse; nobody else listens to signals. */
export interface Runnable {
  readonly name: string;
  /**
   * Resolves once it can serve; the next in the group starts only then.
   * `done` settles when `ctx.signal` has fired and the work is drained; it rejects only on a fault.
   */
  start(ctx: Context): Promise<{ readonly done: Promise<void> }>;
}

/** Resolves once `signal` has fired, at once if it has already. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The same context with a narrower life: aborted with the parent or by `controller`. */
export function childContext(ctx: Context, name?: string): { ctx: Context; controller: AbortController } {
  const controller = new AbortController();
  const signal = AbortSignal.any([ctx.signal, controller.signal]);
  return { ctx: { ...ctx, signal, log: name ? ctx.log.child(name) : ctx.log }, controller };
}
