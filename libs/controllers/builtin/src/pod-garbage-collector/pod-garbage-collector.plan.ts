import type { Pod } from '@kubernest/kinds';
import { isTerminal } from '../shared/pods.ts';

/** Finished pods beyond this many are removed, oldest first. */
export const terminatedThreshold = 12_500;

/** Pure: is this pod nobody's any more? Its node is gone, or it was to be deleted before it ever had one. */
export function isAbandoned(pod: Pod, nodeExists: (name: string) => boolean): boolean {
  const nodeName = pod.spec?.nodeName;
  return nodeName ? !nodeExists(nodeName) : pod.metadata.deletionTimestamp !== undefined;
}

/** Pure: the finished pods that are too many. */
export function surplus(pods: readonly Pod[], threshold = terminatedThreshold): readonly Pod[] {
  const finished = pods.filter((pod) => isTerminal(pod) && !pod.metadata.deletionTimestamp);
  if (finished.length <= threshold) return [];
  const age = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return [...finished].sort((a, b) => age(a).localeCompare(age(b))).slice(0, finished.length - threshold);
}
