import type { Context } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import type { Transport } from './client.ts';

/** As client-go has it. */
const MOST_RETRIES = 10;

/**
 * Asks again after a while when the server says that it has too much to do: nothing of such a request was done. Only where the server names
 * the while: a 429 without one is an answer (an eviction that a budget forbids).
 */
export const retryAfter = (transport: Transport): Transport => ({
  call: (call, ctx) => again(() => transport.call(call, ctx), ctx),
  watch: (call, onEvent, ctx) => again(() => transport.watch(call, onEvent, ctx), ctx),
});

async function again<T>(ask: () => Promise<T>, ctx: Context): Promise<T> {
  for (let retries = 0; ; retries++) {
    try {
      return await ask();
    } catch (error) {
      const seconds = (error instanceof StatusError && error.code === 429 && error.details?.retryAfterSeconds) || 0;
      if (seconds <= 0 || retries === MOST_RETRIES) throw error;
      await ctx.clock.sleep(seconds * 1000, ctx.signal);
    }
  }
}
