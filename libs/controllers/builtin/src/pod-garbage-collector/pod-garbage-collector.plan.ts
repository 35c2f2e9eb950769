import type { Node, Pod } from '@kubernest/kinds';
import { isTerminal } from '../shared/pods.ts';

/** Finished pods beyond this many are removed: those that were evicted first, then the oldest. */
export const terminatedThreshold = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** Nobody will ever end this pod: `orphaned` (its node is gone), `unbound` (it goes and never had one), `out of service` (it goes, and somebody says its node does nothing any more). */
export type Abandoned = 'orphaned' | 'unbound' | 'out of service';

/** Pure: is this pod nobody's any more, and why? */
export function abandoned(pod: Pod, nodeNamed: (name: string) => Node | undefined): Abandoned | undefined {
  const nodeName = pod.spec?.nodeName;
  const isLeaving = pod.metadata.deletionTimestamp !== undefined;
  if (!nodeName) return isLeaving ? 'unbound' : undefined;
  const node = nodeNamed(nodeName);
  if (!node) return 'orphaned';
  return isLeaving && isOutOfService(node) ? 'out of service' : undefined;
}

function isOutOfService({ spec, status }: Node): boolean {
  const isReady = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return !isReady && (spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false);
}

/** Pure: the finished pods that are too many. */
export function surplus(pods: readonly Pod[], threshold = terminatedThreshold): readonly Pod[] {
  const finished = pods.filter((pod) => isTerminal(pod) && !pod.metadata.deletionTimestamp);
  if (finished.length <= threshold) return [];
  const rank = ({ metadata, status }: Pod): string =>
    `${status?.phase === 'Failed' && status.reason === 'Evicted' ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`;
  return [...finished].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, finished.length - threshold);
}
