import type { ApiServer } from '@kubernest/apiserver/engine';
import { createEventRecorder, createInformerSet } from '@kubernest/client';
import { group, type Runnable } from '@kubernest/kit';
import { createScheduler } from '@kubernest/scheduler/engine';
import { builtinPlugins } from '@kubernest/scheduler/plugins';
import type { Config } from '../config.ts';
import { elected } from './elected.ts';
import { loopbackClient, schedulerUser } from './identities.ts';

/** The scheduler under its own identity, in the process that leads. */
export function scheduler(config: Config, server: ApiServer): Runnable {
  const client = loopbackClient(server, schedulerUser);
  return elected('kube-scheduler', { config, client }, async (fence, ctx) => {
    const informers = createInformerSet(client);
    const events = createEventRecorder({ component: 'default-scheduler', client }, ctx);
    const parts = {
      client: client.fencedBy(fence),
      informers,
      plugins: builtinPlugins,
      events,
      schedulerName: 'default-scheduler',
    };
    const { done } = await group('scheduling', [createScheduler(parts), informers]).start(ctx);
    await done;
  });
}
