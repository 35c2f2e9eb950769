import { reconcileDefaults } from '@kubernest/apiserver/authz';
import type { ApiCore } from '@kubernest/apiserver/contract';
import type { Controller } from '@kubernest/controllers/engine';
import { type Context, messageOf, type Runnable, whenAborted } from '@kubernest/kit';
import { StatusError } from '@kubernest/meta';
import { keepTrying } from './keep-trying.ts';

const namespaces = { group: '', version: 'v1', resource: 'namespaces' };

/**
 * The objects that every cluster has, before anybody is served. A cluster that has them from an earlier start is served with those where
 * the store takes no writes now (a full disk): what a newer version lacks of them is written once it does.
 */
export function defaults(core: Pick<ApiCore, 'read' | 'write'>, controllers: readonly Controller[]): Runnable {
  const reconcile = (ctx: Context): Promise<void> => reconcileDefaults(core, controllers, ctx);
  return {
    name: 'defaults',
    async start(ctx) {
      try {
        await reconcile(ctx);
      } catch (error) {
        if (!isUnavailable(error) || !hasBegun(core)) throw error;
        ctx.log.warn('cannot write the default objects now', { error: messageOf(error) });
        return { done: keepTrying(reconcile, ctx) };
      }
      return { done: whenAborted(ctx.signal) };
    },
  };
}

const isUnavailable = (error: unknown): boolean => error instanceof StatusError && error.code === 503;

const hasBegun = ({ read }: Pick<ApiCore, 'read'>): boolean => read.get(namespaces, 'kube-system') !== undefined;
