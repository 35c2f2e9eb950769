import type { Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';

export function readyCondition(pod: Pod) {
  return pod.status?.conditions?.find((condition) => condition.type === 'Ready');
}

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

export const isTerminal = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Counts for its controller: neither ended nor on its way out. */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !pod.metadata.deletionTimestamp;

/** How long until the pod has been ready for `minReadySeconds`: 0 when it is available, undefined while it is not ready. */
export function availableIn(pod: Pod, minReadySeconds: number, now: Date): Milliseconds | undefined {
  const ready = readyCondition(pod);
  if (ready?.status !== 'True') return undefined;
  const since = ready.lastTransitionTime;
  if (minReadySeconds === 0 || !since) return minReadySeconds === 0 ? 0 : minReadySeconds * 1000;
  return Math.max(0, Date.parse(since) + minReadySeconds * 1000 - now.getTime());
}
