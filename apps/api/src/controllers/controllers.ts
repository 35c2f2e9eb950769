import { createInformerSet } from '@kubernest/client';
import { builtinControllers } from '@kubernest/controllers/builtin';
import { controllerEngine } from '@kubernest/controllers/engine';
import type { Runnable } from '@kubernest/kit';
import type { ApiAccess } from '../api-access/api-access.ts';
import { elected } from '../api-access/elected.ts';
import type { ControllersConfig } from './controllers.config.ts';

const USER = 'system:kube-controller-manager';

/** The built-in controllers, each as its own service account, in the process that leads. */
export function controllers({ clusterCidr }: ControllersConfig, access: ApiAccess): Runnable {
  const all = builtinControllers({ rootCa: access.rootCa, clusterCidr });
  return elected(USER, access, async (fence, ctx) => {
    const informers = createInformerSet(access.as(USER));
    const accounts = all.map(({ serviceAccount }) => serviceAccount);
    const clientOf = await access.asServiceAccounts(accounts, ctx);
    const engine = controllerEngine({
      controllers: all,
      fence,
      clientFor: ({ serviceAccount }) => clientOf(serviceAccount),
      informersFor: () => informers,
    });
    const { done } = await engine.start(ctx);
    await done;
  });
}
