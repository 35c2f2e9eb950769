import type { Taint } from '@kubernest/api-types/core/v1';
import { type Pod, toleratesTaint } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';

/** When a pod has to leave its node: never, or after so long (0: now). */
export type Eviction = 'never' | { readonly after: Milliseconds };

export interface EvictionInput {
  readonly pod: Pod;
  /** The node's NoExecute taints. */
  readonly taints: readonly Taint[];
  /** When this control plane saw the taint first: for taints that do not say since when they are there. */
  readonly firstSeen: (taint: Taint) => Date;
  readonly now: Date;
}

/**
 * Pure: a pod leaves as soon as one taint is not tolerated, or when the shortest of the times that its tolerations grant has passed.
 * Time runs from when the pod met the taint: a pod that came to a node that was tainted already has its time, too.
 */
export function planEviction({ pod, taints, firstSeen, now }: EvictionInput): Eviction {
  if (taints.length === 0 || pod.metadata.deletionTimestamp) return 'never';
  let earliest = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    // compat: of several tolerations that cover a taint the first counts.
    const toleration = pod.spec?.tolerations?.find((each) => toleratesTaint(each, taint));
    if (!toleration) return { after: 0 };
    const { tolerationSeconds } = toleration;
    if (tolerationSeconds === undefined) continue;
    const put = taint.timeAdded ? Date.parse(taint.timeAdded as unknown as string) : firstSeen(taint).getTime();
    earliest = Math.min(earliest, Math.max(put, boundAt(pod)) + Math.max(0, tolerationSeconds) * 1000);
  }
  return Number.isFinite(earliest) ? { after: Math.max(0, earliest - now.getTime()) } : 'never';
}

function boundAt({ metadata, status }: Pod): number {
  const scheduled = status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'True');
  return Date.parse(scheduled?.lastTransitionTime ?? metadata.creationTimestamp ?? '') || 0;
}
