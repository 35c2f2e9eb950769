export type PreemptionPolicy = 'PreemptLowerPriority' | 'Never';

export interface PriorityClass {
  readonly name: string;
  readonly value: number;
  readonly preemptionPolicy: PreemptionPolicy;
}

const preemptionPolicy = 'PreemptLowerPriority';

/** The classes that every cluster has. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  { name: 'system-node-critical', value: 2_000_001_000, preemptionPolicy },
  { name: 'system-cluster-critical', value: 2_000_000_000, preemptionPolicy },
];

/** What a pod is that names no class, where no class is the default of the cluster. */
const unclassed = { value: 0, preemptionPolicy } as const;

/** Undefined where there is no class of that name. PriorityClass as a kind is served by a later level, and read here. */
export function findPriority(name: string | undefined): Omit<PriorityClass, 'name'> | undefined {
  return name ? systemPriorityClasses.find((each) => each.name === name) : unclassed;
}
