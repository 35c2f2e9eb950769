import type { Misfit, SchedulerPlugin } from '@kubernest/scheduler/engine';
import { podRequests, podRequestsOrDefault, readRequests } from '@kubernest/scheduler/engine';

interface Asked {
  readonly asked: readonly (readonly [name: string, amount: number])[];
  readonly orDefault: ReadonlyMap<string, number>;
}

/** A pod may ask for thousands of resources that a node lacks: more than these nobody reads. */
const MOST_REASONS = 32;

/** Room for the pod's requests and for one more pod; prefers nodes with most room left, cpu and memory used alike. */
export const resources: SchedulerPlugin<Asked> = {
  name: 'resources',
  unblockedBy: ['node-added', 'node-changed', 'pod-deleted'],
  // compat: Kubernetes has two plugins of weight 1, one for room and one for balance.
  weight: 2,
  *survey(pod) {
    yield* readRequests(pod);
    const asked = [...podRequests(pod)].filter(([, amount]) => amount !== 0);
    return { asked, orDefault: podRequestsOrDefault(pod) };
  },
  filter(_pod, node, { asked }) {
    const misfits: Misfit[] = [];
    if (node.pods.size + 1 > (node.allocatable.get('pods') ?? 0))
      misfits.push({ reason: 'Too many pods', unresolvable: false });
    for (const [name, amount] of asked) {
      if (misfits.length === MOST_REASONS) break;
      const room = node.allocatable.get(name) ?? 0;
      if (amount + (node.requested.get(name) ?? 0) > room)
        misfits.push({ reason: `Insufficient ${name}`, unresolvable: amount > room });
    }
    return misfits;
  },
  score(_pod, node, { orDefault }) {
    const usedOf = (name: string): number => {
      const room = node.allocatable.get(name) ?? 0;
      if (room === 0) return 1;
      return Math.min(1, ((node.requestedOrDefault.get(name) ?? 0) + (orDefault.get(name) ?? 0)) / room);
    };
    const cpu = usedOf('cpu');
    const memory = usedOf('memory');
    const leastUsed = (1 - (cpu + memory) / 2) * 100;
    const balanced = (1 - Math.abs(cpu - memory) / 2) * 100;
    return (leastUsed + balanced) / 2;
  },
};
