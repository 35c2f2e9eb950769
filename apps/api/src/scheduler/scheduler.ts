import { createEventRecorder, createInformerSet } from '@kubernest/client';
import { group, type Metrics, type Runnable } from '@kubernest/kit';
import { createScheduler } from '@kubernest/scheduler/engine';
import { builtinPlugins } from '@kubernest/scheduler/plugins';
import type { ApiAccess } from '../api-access/api-access.ts';
import { elected } from '../api-access/elected.ts';

const USER = 'system:kube-scheduler';

/** The scheduler under its own identity, in the process that leads. */
export function scheduler(access: ApiAccess, metrics: Metrics): Runnable {
  return elected(USER, access, async (fence, ctx) => {
    const client = access.as(USER);
    const informers = createInformerSet(client);
    const events = createEventRecorder({ component: 'default-scheduler', client }, ctx);
    const parts = {
      client: client.fencedBy(fence),
      informers,
      plugins: builtinPlugins,
      events,
      schedulerName: 'default-scheduler',
      metrics,
    };
    const { done } = await group('scheduling', [createScheduler(parts), informers]).start(ctx);
    await done;
  });
}
