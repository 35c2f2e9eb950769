import type { ApiServer, UserInfo } from '@kubernest/apiserver/contract';
import { createInformerSet } from '@kubernest/client';
import { type Controller, controllerEngine } from '@kubernest/controllers/engine';
import { type Context, isAborted, type Runnable } from '@kubernest/kit';
import { loopbackClient, serviceAccountUser } from '../api-access/identities.ts';

export interface OwnControllers {
  readonly name: string;
  readonly controllers: readonly Controller[];
  /** Who watches for all of them. */
  readonly watcher: UserInfo;
}

/**
 * Controllers that run in the API server's own process, without a leader: those of several work side by side. Nobody waits for them to
 * begin: what they answer is asked for later.
 */
export function ownControllers({ name, controllers, watcher }: OwnControllers, server: ApiServer): Runnable {
  const informers = createInformerSet(loopbackClient(server, watcher));
  const engine = controllerEngine({
    controllers,
    clientFor: ({ serviceAccount }) => loopbackClient(server, serviceAccountUser(serviceAccount)),
    informersFor: () => informers,
  });
  const run = async (ctx: Context): Promise<void> => {
    try {
      await (await engine.start(ctx)).done;
    } catch (error) {
      if (!ctx.signal.aborted && !isAborted(error)) throw error;
    }
  };
  return { name, start: async (ctx) => ({ done: run(ctx) }) };
}
