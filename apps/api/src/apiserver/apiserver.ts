import type { Server as HttpServer } from 'node:http';
import type { ApiServer } from '@kubernest/apiserver/contract';
import { extensions } from '@kubernest/apiserver/extensions';
import {
  builtinControllers,
  type KubernetesServiceReconciler,
  kubernetesServiceReconciler,
} from '@kubernest/controllers/builtin';
import { group, type Metrics, type Runnable } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { apiserverUser, loopbackClient } from '../api-access/identities.ts';
import type { ControllersConfig } from '../controllers/controllers.config.ts';
import { type Aggregating, aggregatedApis, controllersOfAggregation } from './aggregating.ts';
import { allocations } from './allocations.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import { authority, authorityOf } from './authority.ts';
import { certificates } from './certificates.ts';
import { clusterFormat } from './cluster-format.ts';
import { compaction } from './compaction.ts';
import { defaults } from './defaults.ts';
import type { DialerOf } from './dialing.ts';
import { listening } from './listening.ts';
import { ownControllers } from './own-controllers.ts';
import type { ServerSecrets } from './secrets.ts';
import { serviceAddress } from './service-address.ts';

export interface PlaneParts {
  readonly config: ApiserverConfig;
  readonly controllers: ControllersConfig;
  readonly store: Store;
  readonly secrets: ServerSecrets;
  readonly dialer: DialerOf;
  readonly metrics: Metrics;
  readonly aggregating: Aggregating;
  readonly apiServer: ApiServer;
  /** Nest's own server, which never listens; absent where no dashboard is served. */
  readonly dashboard: HttpServer | undefined;
}

/** The API server with all that runs beside it in its process, in the order it starts. */
export function apiserver(parts: PlaneParts): Runnable {
  const {
    config,
    controllers: { clusterCidr },
    store,
    secrets,
    apiServer,
  } = parts;
  const service = ownService(config, apiServer);
  const ofAuthority = authorityOf(config, secrets, apiServer);
  const ofAggregation = controllersOfAggregation(apiServer.core, parts.aggregating);
  const ofCluster = builtinControllers({ rootCa: secrets.cluster.authority.certificate, clusterCidr });
  return group('apiserver', [
    apiServer,
    certificates(config, secrets),
    // Roles for everybody who comes with Kubernetes, the controllers among them, wherever they run.
    defaults(apiServer.core, [...ofCluster, ...ofAuthority, ...ofAggregation]),
    allocations(config, apiServer),
    // Before anybody is answered: what clients know to be there must not be missing after a restart.
    customResources(parts, (version) => service.announce(version)),
    aggregatedApis(apiServer.core, parts.aggregating, secrets),
    listening(parts),
    clusterFormat(store),
    authority(ofAuthority, apiServer),
    ownControllers({ name: 'apiservices', controllers: ofAggregation, watcher: apiserverUser }, apiServer),
    compaction(store),
    service,
  ]);
}

function customResources(
  { apiServer, dialer, metrics }: PlaneParts,
  served: (resourceVersion: string) => void,
): Runnable {
  const { core, catalog } = apiServer;
  return extensions({ core, catalog, dialer: dialer(core), metrics, served });
}

function ownService(
  { advertiseAddress, port, serviceCidr }: ApiserverConfig,
  server: ApiServer,
): KubernetesServiceReconciler {
  const client = loopbackClient(server, apiserverUser);
  return kubernetesServiceReconciler({
    client,
    address: advertiseAddress,
    port,
    serviceIP: serviceAddress(serviceCidr, 1),
  });
}
