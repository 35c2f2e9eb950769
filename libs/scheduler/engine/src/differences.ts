import { equalInSteps } from '@kubernest/meta';
import type { NodeObject, PodObject } from './plugin.ts';

/** A heartbeat changes a node's conditions' times and nothing that scheduling looks at. */
export function schedulingFactsDiffer(node: NodeObject, old: NodeObject): boolean {
  return (
    differ(node.metadata.labels, old.metadata.labels) ||
    differ(node.spec, old.spec) ||
    differ(node.status?.allocatable, old.status?.allocatable)
  );
}

/** What other pods look at: its labels, and whether it stays. */
export function companyDiffers(pod: PodObject, old: PodObject): boolean {
  return (
    differ(pod.metadata.labels, old.metadata.labels) ||
    pod.metadata.deletionTimestamp !== old.metadata.deletionTimestamp
  );
}

export function specDiffers(pod: PodObject, old: PodObject): boolean {
  return differ(pod.spec, old.spec) || differ(pod.metadata.labels, old.metadata.labels);
}

/** Some thousands of entries. */
const MOST_STEPS = 32;

/** What is so wide that to compare it keeps others waiting counts as different: at the worst a pod is tried once more. */
function differ(value: unknown, old: unknown): boolean {
  const steps = equalInSteps(value, old);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { done, value: equal } = steps.next();
    if (done) return !equal;
  }
  return true;
}
