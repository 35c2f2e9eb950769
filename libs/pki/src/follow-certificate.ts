import { type Context, isAborted, type Milliseconds, messageOf, sleepUntil } from '@kubernest/kit';
import { renewalTime } from './certificate-check.ts';

const lookAgain: Milliseconds = 60_000;

/**
 * Hands on each certificate that somebody else lays where `read` finds it. A new one is expected when the present one is due, and looked
 * for until it is there. Runs until aborted, and then resolves.
 */
export async function followCertificate<T extends { readonly certificate: string }>(
  read: () => T,
  use: (renewed: T) => void | Promise<void>,
  ctx: Context,
): Promise<void> {
  try {
    let held = read();
    for (;;) {
      await sleepUntil(renewalTime(held.certificate), ctx);
      const found = await takenUp(held, read, use, ctx);
      if (found) held = found;
      else await ctx.clock.sleep(lookAgain, ctx.signal);
    }
  } catch (error) {
    if (!isAborted(error) && !ctx.signal.aborted) throw error;
  }
}

async function takenUp<T extends { readonly certificate: string }>(
  held: T,
  read: () => T,
  use: (renewed: T) => void | Promise<void>,
  ctx: Context,
): Promise<T | undefined> {
  try {
    const found = read();
    if (found.certificate === held.certificate) return undefined;
    await use(found);
    ctx.log.info('took up a renewed certificate', { renewAt: renewalTime(found.certificate) });
    return found;
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.log.warn(`could not take up a renewed certificate: ${messageOf(error)}`);
    return undefined;
  }
}
