import type { ApiServer } from '@kubernest/apiserver/contract';
import { authorityControllers } from '@kubernest/controllers/builtin';
import type { Controller } from '@kubernest/controllers/engine';
import type { Endpoints, Service } from '@kubernest/kinds';
import type { Runnable } from '@kubernest/kit';
import { signCertificate } from '@kubernest/pki';
import { serviceAccountUser } from '../api-access/identities.ts';
import type { ApiserverConfig } from './apiserver.config.ts';
import { ownControllers } from './own-controllers.ts';
import type { ServerSecrets } from './secrets.ts';

const USER = 'certificate-controller';

/** The controllers of the cluster's authority, whose key no other process sees. Those of several API servers work side by side. */
export function authorityOf(
  config: ApiserverConfig,
  secrets: ServerSecrets,
  { core }: ApiServer,
): readonly Controller[] {
  const key = 'default/kubernetes';
  const addressesOf = (endpoints: Endpoints | undefined, service: Service | undefined): readonly string[] => [
    ...(endpoints?.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)),
    ...(service?.spec?.clusterIPs ?? []),
  ];
  return authorityControllers({
    sign: (terms, ctx) => signCertificate(secrets.cluster.authority, terms, ctx),
    ownNodes: config.agentKubeconfigs.map(({ node }) => node),
    apiAddresses: () => [
      config.advertiseAddress,
      ...addressesOf(
        core.read.get<Endpoints>({ group: '', resource: 'endpoints' }, key),
        core.read.get<Service>({ group: '', resource: 'services' }, key),
      ),
    ],
  });
}

export const authority = (controllers: readonly Controller[], server: ApiServer): Runnable =>
  ownControllers({ name: 'authority', controllers, watcher: serviceAccountUser(USER) }, server);
