import type { InformerSet } from '@kubernest/client';
import type { Controller, ControllerContext } from '@kubernest/controllers/engine';
import type { SentDefinition } from '@kubernest/kinds';
import { deepEqual, type KubeObject, keyOf } from '@kubernest/meta';
import { hasApplied, isApiServerLease } from '../shared/api-server-lease.ts';
import { ApiServers } from '../shared/api-servers.ts';
import { conditionsOf } from '../shared/conditions.ts';
import { isInstalling } from '../shared/installing.ts';
import { refs } from '../shared/refs.ts';
import { established } from './crd-establishing.plan.ts';

const INSTALLING = 'crd-installing';

/** Says of definitions that they are established once every API server serves them. Apart from who gives them their names: those come first. */
export const crdEstablishing: Controller = withServers(new ApiServers());

function withServers(servers: ApiServers): Controller {
  return {
    name: 'crd-establishing',
    serviceAccount: 'crd-establishing-controller',
    reconciles: refs.customResourceDefinitions,
    watches: [{ ref: refs.leases, keys: (lease, informers) => concerned(lease, informers) }],
    writes: [
      { group: refs.customResourceDefinitions.group, resource: 'customresourcedefinitions/status', verbs: ['update'] },
    ],
    begin: () => withServers(new ApiServers()),
    reconcile: (name, ctx) => establish(name, servers, ctx),
  };
}

/** Those that this API server serves now; where it is gone, all that may have waited for it. */
function concerned(lease: KubeObject, informers: InformerSet): readonly string[] {
  if (!isApiServerLease(lease)) return [];
  const isGone = informers.of(refs.leases).get(keyOf(lease)) === undefined;
  return installing(informers)
    .filter(({ metadata }) => isGone || hasApplied(lease, metadata.resourceVersion!))
    .map(({ metadata }) => metadata.name!);
}

function installing(informers: InformerSet): readonly SentDefinition[] {
  const all = informers.of<SentDefinition>(refs.customResourceDefinitions);
  all.addIndex(INSTALLING, (crd) => (isInstalling(crd) ? [''] : []));
  return all.byIndex(INSTALLING, '');
}

async function establish(
  name: string,
  servers: ApiServers,
  ctx: ControllerContext,
): ReturnType<Controller['reconcile']> {
  const crd = ctx.informers.of<SentDefinition>(refs.customResourceDefinitions).get(name);
  if (!crd || !isInstalling(crd)) return 'done';
  const behind = servers.timeBehind(crd.metadata.resourceVersion!, ctx);
  if (behind > 0) return { againAfter: behind };
  const conditions = established(crd, ctx.clock.now());
  if (deepEqual(conditions as never, conditionsOf(crd) as never)) return 'done';
  const status = { ...crd.status, conditions };
  const api = ctx.client.resource<SentDefinition>(refs.customResourceDefinitions);
  await api.updateStatus({ ...crd, status } as SentDefinition, {}, ctx);
  return 'done';
}
