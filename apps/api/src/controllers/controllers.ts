import { createInformerSet } from '@kubernest/client';
import { builtinControllers } from '@kubernest/controllers/builtin';
import { controllerEngine, QueueMetrics } from '@kubernest/controllers/engine';
import type { Metrics, Runnable } from '@kubernest/kit';
import type { ApiAccess } from '../api-access/api-access.ts';
import { elected } from '../api-access/elected.ts';
import type { ControllersConfig } from './controllers.config.ts';

const USER = 'system:kube-controller-manager';

/** The built-in controllers, each as its own service account, in the process that leads. */
export function controllers({ clusterCidr }: ControllersConfig, access: ApiAccess, metrics: Metrics): Runnable {
  const all = builtinControllers({ rootCa: access.rootCa, clusterCidr });
  return elected(USER, access, async (fence, ctx) => {
    const informers = createInformerSet(access.as(USER));
    const accounts = all.map(({ serviceAccount }) => serviceAccount);
    const clientOf = await access.asServiceAccounts(accounts, ctx);
    const queues = new QueueMetrics(metrics, ctx.clock);
    const engine = controllerEngine({
      controllers: all,
      fence,
      clientFor: ({ serviceAccount }) => clientOf(serviceAccount),
      informersFor: () => informers,
      metrics: { queue: (name) => queues.watch(name) },
    });
    const { done } = await engine.start(ctx);
    await done;
  });
}
