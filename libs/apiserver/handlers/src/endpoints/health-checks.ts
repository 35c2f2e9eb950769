import type { Freshness } from '@kubernest/apiserver/storage';
import type { Context, Milliseconds } from '@kubernest/kit';

export type HealthRoot = 'healthz' | 'livez' | 'readyz';

/** One thing that must be well. */
export interface HealthCheck {
  readonly name: string;
  /** Rejects, or returns the reason, when it is not. */
  check(ctx: Context): Promise<string | undefined> | string | undefined;
  /** Which endpoints ask it; all unless given. */
  readonly on?: readonly HealthRoot[];
}

/** A store that says nothing for so long is not there. */
const STORE_ANSWERS_WITHIN: Milliseconds = 2_000;

/** Those of Kubernetes that mean something here, by its names. `serving` is aborted when the server begins to stop. */
export function healthChecks(freshness: Freshness, serving: AbortSignal): readonly HealthCheck[] {
  const store = (ctx: Context) => answersInTime((signal) => freshness.current({ signal }), ctx);
  return [
    { name: 'ping', check: () => undefined },
    { name: 'log', check: () => undefined },
    // Not of livez: started again, it would be without a store as well.
    { name: 'etcd', check: store, on: ['healthz', 'readyz'] },
    { name: 'etcd-readiness', check: store, on: ['readyz'] },
    // Nothing is served before the cache has everything.
    { name: 'informer-sync', check: () => undefined, on: ['readyz'] },
    { name: 'shutdown', check: () => (serving.aborted ? 'process is shutting down' : undefined), on: ['readyz'] },
  ];
}

async function answersInTime(
  ask: (signal: AbortSignal) => Promise<void>,
  { clock, signal }: Context,
): Promise<string | undefined> {
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  const limit = clock
    .sleep(STORE_ANSWERS_WITHIN, waiting)
    .then(() => `the store has not answered within ${STORE_ANSWERS_WITHIN / 1000} s`);
  // A wait that is over is nobody's fault.
  limit.catch(() => {});
  try {
    return await Promise.race([ask(waiting).then(() => undefined), limit]);
  } finally {
    over.abort();
  }
}
