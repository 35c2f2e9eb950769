import { type Context, type Milliseconds, whenAborted } from '@kubernest/kit';

const RETRY_AFTER: Milliseconds = 10_000;

/** For what the store did not take at the start: again and again until it does. Resolves once `ctx.signal` aborts. */
export async function keepTrying(write: (ctx: Context) => Promise<void>, ctx: Context): Promise<void> {
  for (let written = false; !written && !ctx.signal.aborted; ) {
    await ctx.clock.sleep(RETRY_AFTER, ctx.signal).catch(() => {});
    written = await write(ctx).then(
      () => true,
      () => false,
    );
  }
  await whenAborted(ctx.signal);
}
