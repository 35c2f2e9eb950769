import type { Milliseconds } from './clock.ts';
import type { Context } from './context.ts';

/** Timers hold no more than 24 days, and stand still while a machine sleeps: a far moment is looked for once a day. */
const atMost: Milliseconds = 24 * 60 * 60_000;

/** Resolves when the wall clock has reached `moment`, at once if it has; rejects with the reason when aborted. */
export async function sleepUntil(moment: Date, ctx: Context): Promise<void> {
  for (;;) {
    const left = moment.getTime() - ctx.clock.now().getTime();
    if (!(left > 0)) return;
    await ctx.clock.sleep(Math.min(left, atMost), ctx.signal);
  }
}
