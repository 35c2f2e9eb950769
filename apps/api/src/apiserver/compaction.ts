import { type Context, type Milliseconds, messageOf, type Runnable } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';

const every: Milliseconds = 5 * 60_000;

/** Forgets what is older than five minutes: a watcher that comes back later lists again. */
export function compaction(store: Store): Runnable {
  return { name: 'compaction', start: async (ctx) => ({ done: keepCompacting(store, ctx) }) };
}

/** A store that is away is no reason not to serve: it is compacted once it is back. */
async function keepCompacting(store: Store, ctx: Context): Promise<void> {
  let now: number | undefined;
  while (!ctx.signal.aborted) {
    const before = now;
    try {
      now = await store.currentRevision(ctx);
      if (before !== undefined && now > before) await store.compact(before, ctx);
    } catch (error) {
      if (!ctx.signal.aborted) ctx.log.warn(`could not compact the store: ${messageOf(error)}`);
    }
    await ctx.clock.sleep(every, ctx.signal).catch(() => {});
  }
}
