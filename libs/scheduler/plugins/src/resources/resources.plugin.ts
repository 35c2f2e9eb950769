import type { Misfit, SchedulerPlugin } from '@kubernest/scheduler/engine';
import { podRequests, podRequestsOrDefault } from '@kubernest/scheduler/engine';

interface Asked {
  readonly asked: ReadonlyMap<string, number>;
  readonly orDefault: ReadonlyMap<string, number>;
}

/** Room for the pod's requests and for one more pod; prefers nodes with most room left, cpu and memory used alike. */
export const resources: SchedulerPlugin<Asked> = {
  name: 'resources',
  unblockedBy: ['node-added', 'node-changed', 'pod-deleted'],
  // compat: Kubernetes has two plugins of weight 1, one for room and one for balance.
  weight: 2,
  prepare: (pod) => ({ asked: podRequests(pod), orDefault: podRequestsOrDefault(pod) }),
  filter(_pod, node, { asked }) {
    let misfits: Misfit[] | undefined;
    const tooLittle = (reason: string, unresolvable: boolean): void => {
      misfits = [...(misfits ?? []), { reason, unresolvable }];
    };
    if (node.pods.size + 1 > (node.allocatable.get('pods') ?? 0)) tooLittle('Too many pods', false);
    for (const [name, amount] of asked) {
      if (amount === 0) continue;
      const room = node.allocatable.get(name) ?? 0;
      if (amount + (node.requested.get(name) ?? 0) > room) tooLittle(`Insufficient ${name}`, amount > room);
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
