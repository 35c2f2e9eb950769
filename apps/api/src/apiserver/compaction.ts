import type { Milliseconds, Runnable } from '@kubernest/kit';
import { messageOf } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';

const every: Milliseconds = 5 * 60_000;

/** Forgets what is older than five minutes: a watcher that comes back later lists again. */
export function compaction(store: Store): Runnable {
  return {
    name: 'compaction',
    async start(ctx) {
      const run = async (): Promise<void> => {
        let before = await store.currentRevision(ctx);
        while (!ctx.signal.aborted) {
          await ctx.clock.sleep(every, ctx.signal);
          const now = await store.currentRevision(ctx);
          if (now > before) {
            await store
              .compact(before, ctx)
              .catch((error: unknown) => ctx.log.warn(`could not compact the store: ${messageOf(error)}`));
          }
          before = now;
        }
      };
      return {
        done: run().catch((error: unknown) => {
          if (!ctx.signal.aborted) throw error;
        }),
      };
    },
  };
}
