import type { Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import type { Taint, Toleration } from 'kubernetes-types/core/v1.js';

/** When a pod has to leave its node: never, or after so long (0: now). */
export type Eviction = 'never' | { readonly after: Milliseconds };

/**
 * Pure: a pod leaves as soon as one NoExecute taint is not tolerated, or when the shortest of the times that its tolerations grant has
 * passed since the taint was put.
 */
export function planEviction(pod: Pod, taints: readonly Taint[], now: Date): Eviction {
  const acting = taints.filter((taint) => taint.effect === 'NoExecute');
  if (acting.length === 0 || pod.metadata.deletionTimestamp) return 'never';
  let earliest = Number.POSITIVE_INFINITY;
  for (const taint of acting) {
    const tolerating = (pod.spec?.tolerations ?? []).filter((t) => covers(t, taint));
    if (tolerating.length === 0) return { after: 0 };
    const seconds = tolerating.map((t) => t.tolerationSeconds ?? Number.POSITIVE_INFINITY);
    const since = taint.timeAdded ? Date.parse(taint.timeAdded as unknown as string) : now.getTime();
    earliest = Math.min(earliest, since + Math.max(0, Math.min(...seconds)) * 1000);
  }
  return Number.isFinite(earliest) ? { after: Math.max(0, earliest - now.getTime()) } : 'never';
}

function covers(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  return (
    toleration.operator === 'Exists' || (Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? ''))
  );
}
