import type { ApiServer } from '@kubernest/apiserver/engine';
import { createInformerSet } from '@kubernest/client';
import { builtinControllers } from '@kubernest/controllers/builtin';
import { type Controller, controllerEngine } from '@kubernest/controllers/engine';
import type { Runnable } from '@kubernest/kit';
import type { ServerSecrets } from '../apiserver/secrets.ts';
import type { Config } from '../config.ts';
import { elected } from './elected.ts';
import { controllerManagerUser, loopbackClient, serviceAccountUser } from './identities.ts';

export function controllersOf(config: Config, secrets: ServerSecrets): readonly Controller[] {
  return builtinControllers({ rootCa: secrets.cluster.authority.certificate, clusterCidr: config.clusterCidr });
}

/** The built-in controllers, each as its own service account, in the process that leads. */
export function controllers(config: Config, secrets: ServerSecrets, server: ApiServer): Runnable {
  const client = loopbackClient(server, controllerManagerUser);
  return elected('kube-controller-manager', { config, client }, async (fence, ctx) => {
    const informers = createInformerSet(client);
    const engine = controllerEngine({
      controllers: controllersOf(config, secrets),
      fence,
      clientFor: (controller) => loopbackClient(server, serviceAccountUser(controller.serviceAccount)),
      informersFor: () => informers,
    });
    const { done } = await engine.start(ctx);
    await done;
  });
}
