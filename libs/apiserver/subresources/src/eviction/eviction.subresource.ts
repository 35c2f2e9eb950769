import { methodRefused, type RemoveOptions, type Subresource, successStatus } from '@kubernest/apiserver/engine';
import { findBodyType } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { pods } from '../pod.ts';

interface Eviction extends KubeObject {
  readonly deleteOptions?: RemoveOptions & { readonly dryRun?: readonly string[] };
}

const body = findBodyType('policy', 'v1', 'Eviction')!;

/** Deletes a pod politely. No disruption budgets exist at this level, so nothing stands in its way but the pod's own grace. */
export const eviction: Subresource = {
  of: pods,
  name: 'eviction',
  verbs: ['create'],
  body,
  async handle(call, ctx) {
    if (call.info.verb !== 'create') throw methodRefused();
    // compat: clients of before 1.22 (and fabric8 to this day) name the older version, though the group serves it no more.
    const evicted = await call.decode<Eviction>({ ...body, alsoAs: ['policy/v1beta1'] });
    await call.admit(evicted, ctx);
    const { deleteOptions = {} } = evicted;
    const { namespace, name } = call.info;
    const dryRun = call.writeAs.dryRun || deleteOptions.dryRun?.includes('All') === true;
    await call.write.remove(
      { ref: { ...pods, version: 'v1' }, namespace, name: name! },
      { ...call.writeAs, dryRun },
      deleteOptions,
      ctx,
    );
    return call.encode(201, successStatus(undefined) as unknown as KubeObject);
  },
};
