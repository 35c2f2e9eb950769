import type { Eviction } from '@kubernest/api-types/policy/v1';
import { methodRefused, type RemoveOptions, type Subresource, successStatus } from '@kubernest/apiserver/contract';
import { statusType } from '@kubernest/definitions';
import { findBodyType } from '@kubernest/kinds';
import { type KubeObject, type WireTime, wireTime } from '@kubernest/meta';
import { pods } from '../pod.ts';

const body = findBodyType('policy', 'v1', 'Eviction')!;

/** Deletes a pod politely. No disruption budgets exist at this level, so nothing stands in its way but the pod's own grace. */
export const eviction: Subresource = {
  of: pods,
  name: 'eviction',
  verbs: ['create'],
  body,
  answer: statusType,
  async handle(call, ctx) {
    if (call.info.verb !== 'create') throw methodRefused();
    // compat: clients of before 1.22 (and fabric8 to this day) name the older version, though the group serves it no more.
    const evicted = await call.decode<Eviction>({ ...body, alsoAs: ['policy/v1beta1'] });
    await call.admit(evicted, () => {}, ctx);
    const { deleteOptions = {} } = evicted;
    const { namespace, name } = call.info;
    const dryRun = call.writeAs.dryRun || deleteOptions.dryRun?.includes('All') === true;
    const pod = { ref: { ...pods, version: 'v1' }, namespace, name: name! };
    const { preconditions } = deleteOptions;
    const by = { ...call.writeAs, isAdmitted: true };
    let options = deleteOptions;
    // compat: on a dry run nothing is said in the pod's status.
    if (!dryRun) {
      let isMeant = false;
      const sayWhy = (draft: KubeObject): boolean => {
        isMeant = isAsDemanded(draft, preconditions);
        return isMeant && addCondition(draft, wireTime(ctx.clock.now()));
      };
      const { metadata } = await call.write.modify({ ...pod, subresource: 'status' }, by, sayWhy, ctx);
      // What was demanded was true of the pod before that.
      if (isMeant && preconditions?.resourceVersion)
        options = { ...deleteOptions, preconditions: { ...preconditions, resourceVersion: metadata.resourceVersion! } };
    }
    await call.write.remove(pod, { ...by, dryRun }, options as RemoveOptions, ctx);
    return call.encode(201, successStatus(undefined) as unknown as KubeObject);
  },
};

/** Of another pod nothing is said: its removal refuses with the words for that. */
function isAsDemanded({ metadata }: KubeObject, demanded: RemoveOptions['preconditions'] = {}): boolean {
  const { uid = metadata.uid, resourceVersion = metadata.resourceVersion } = demanded;
  return uid === metadata.uid && resourceVersion === metadata.resourceVersion;
}

const why = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
};

interface Conditioned extends KubeObject {
  status?: { readonly conditions?: readonly (typeof why)[] };
}

/** So that whoever watches can tell an eviction from a crash. False when it has been said. */
function addCondition(pod: Conditioned, now: WireTime): boolean {
  const { conditions = [] } = pod.status ?? {};
  const before = conditions.find(({ type }) => type === why.type);
  if (before?.status === why.status && before.reason === why.reason) return false;
  const condition = { ...why, lastProbeTime: null, lastTransitionTime: now };
  pod.status = { ...pod.status, conditions: [...conditions.filter((each) => each !== before), condition] };
  return true;
}
