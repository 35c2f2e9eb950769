import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/engine';
import { kubernetesServiceReconciler } from '@kubernest/controllers/builtin';
import { group, type Runnable } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { allocations } from '../apiserver/allocations.ts';
import { certificates } from '../apiserver/certificates.ts';
import { compaction } from '../apiserver/compaction.ts';
import { listening } from '../apiserver/listening.ts';
import type { ServerSecrets } from '../apiserver/secrets.ts';
import { serviceAddress } from '../apiserver/service-address.ts';
import type { Config } from '../config.ts';
import { controllers, controllersOf } from '../control-loops/controllers.ts';
import { apiserverUser, loopbackClient } from '../control-loops/identities.ts';
import { scheduler } from '../control-loops/scheduler.ts';
import { defaults } from './defaults.ts';

export interface ControlPlaneParts {
  readonly config: Config;
  readonly store: Store;
  readonly secrets: ServerSecrets;
  readonly apiServer: ApiServer;
  readonly dashboard: HttpServer | undefined;
}

/** Everything that runs, in the order it starts. */
export function controlPlane(parts: ControlPlaneParts): Runnable {
  const { config, store, secrets, apiServer } = parts;
  const has = (component: 'apiserver' | 'controllers' | 'scheduler'): boolean => config.components.has(component);
  return group('control plane', [
    apiServer,
    certificates(config, secrets),
    defaults(apiServer.core, controllersOf(config, secrets)),
    ...(has('apiserver')
      ? [allocations(config, apiServer), listening(parts), compaction(store), ownService(config, apiServer)]
      : []),
    ...(has('controllers') ? [controllers(config, secrets, apiServer)] : []),
    ...(has('scheduler') ? [scheduler(config, apiServer)] : []),
  ]);
}

function ownService(config: Config, server: ApiServer): Runnable {
  const client = loopbackClient(server, apiserverUser);
  return kubernetesServiceReconciler({
    client,
    address: config.advertiseAddress,
    port: config.port,
    serviceIP: serviceAddress(config.serviceCidr, 1),
  });
}
