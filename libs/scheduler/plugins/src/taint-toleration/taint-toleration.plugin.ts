import type { SchedulerPlugin } from '@kubernest/scheduler/engine';
import { tolerates } from './tolerates.ts';

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer soft ones. */
export const taintToleration: SchedulerPlugin = {
  name: 'taint-toleration',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 3,
  filter(pod, node) {
    const taints = node.node.spec?.taints;
    if (!taints) return undefined;
    const taint = taints.find((t) => t.effect !== 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t));
    return (
      taint && [{ reason: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`, unresolvable: true }]
    );
  },
  score(pod, node) {
    const soft = (node.node.spec?.taints ?? []).filter(
      (t) => t.effect === 'PreferNoSchedule' && !tolerates(pod.spec?.tolerations, t),
    );
    return 100 / (1 + soft.length);
  },
};
