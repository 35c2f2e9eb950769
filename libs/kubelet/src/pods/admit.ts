import { ownValue, quantityMilli, quantityValue } from '@kubernest/meta';
import { requestedAmounts } from '../cgroups/pod-limits.ts';
import type { Pod } from '../types.ts';
import { rejected, type Verdict } from './judge.ts';

/**
 * Whether this node takes a pod that was bound to it, beside those that hold their share of it already. The scheduler has looked at
 * this too, but a pod may name its node by itself, and two schedulers may have filled the same place.
 */
export function admitPod(
  pod: Pod,
  holders: readonly Pod[],
  allocatable: Readonly<Record<string, string>>,
): Verdict | undefined {
  const { os, nodeSelector } = pod.spec ?? {};
  if ((nodeSelector?.['kubernetes.io/os'] ?? 'linux') !== 'linux')
    return rejected(
      'PodOSSelectorNodeLabelDoesNotMatch',
      "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    );
  if (os && os.name !== 'linux')
    return rejected('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS");
  const held = holders.map(asked);
  for (const [resource, requested] of asked(pod)) {
    const has = ownValue(allocatable, resource);
    // What the node does not count at all is not its to refuse.
    if (has === undefined || requested === 0) continue;
    const capacity = resource === 'cpu' ? quantityMilli(has) : quantityValue(has);
    const used = held.reduce((sum, amounts) => sum + (amounts.get(resource) ?? 0), 0);
    if (requested + used <= capacity) continue;
    const numbers = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
    return rejected(`OutOf${resource}`, `Node didn't have enough resource: ${resource}, ${numbers}`);
  }
  return undefined;
}

const asked = (pod: Pod): ReadonlyMap<string, number> => new Map([['pods', 1], ...requestedAmounts(pod)]);
