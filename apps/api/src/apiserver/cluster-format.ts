import { type Context, messageOf, type Runnable, whenAborted } from '@kubernest/kit';
import { raiseClusterFormat } from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { keepTrying } from './keep-trying.ts';

/**
 * Shuts the way back to the release before, once this one serves: a start that fails leaves it open. A store that takes no writes now (a
 * full disk) is marked once it does.
 */
export function clusterFormat(store: Store): Runnable {
  const raise = (ctx: Context): Promise<void> => raiseClusterFormat(store, ctx);
  return {
    name: 'cluster-format',
    async start(ctx) {
      try {
        await raise(ctx);
      } catch (error) {
        if (ctx.signal.aborted) throw error;
        ctx.log.warn('cannot mark the store as of this release now', { error: messageOf(error) });
        return { done: keepTrying(raise, ctx) };
      }
      return { done: whenAborted(ctx.signal) };
    },
  };
}
