import { deepEqual } from '@kubernest/meta';
import type { NodeObject, PodObject } from './plugin.ts';

/** A heartbeat changes a node's conditions' times and nothing that scheduling looks at. */
export function schedulingFactsDiffer(node: NodeObject, old: NodeObject): boolean {
  const facts = (n: NodeObject): string => JSON.stringify([n.metadata.labels, n.spec, n.status?.allocatable]);
  return facts(node) !== facts(old);
}

/** What other pods look at: its labels, and whether it stays. */
export function companyDiffers(pod: PodObject, old: PodObject): boolean {
  return (
    !deepEqual(pod.metadata.labels, old.metadata.labels) ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp
  );
}

export function specDiffers(pod: PodObject, old: PodObject): boolean {
  return (
    pod.spec !== old.spec &&
    JSON.stringify([pod.spec, pod.metadata.labels]) !== JSON.stringify([old.spec, old.metadata.labels])
  );
}
