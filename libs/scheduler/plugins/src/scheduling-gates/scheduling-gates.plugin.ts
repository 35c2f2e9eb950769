import type { SchedulerPlugin } from '@kubernest/scheduler/engine';

/** A pod with gates waits until whoever put them there has taken them away. */
export const schedulingGates: SchedulerPlugin = {
  name: 'scheduling-gates',
  unblockedBy: [],
  gate(pod) {
    const gates = pod.spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return { reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' };
  },
};
