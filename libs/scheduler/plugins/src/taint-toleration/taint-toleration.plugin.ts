import { toleratesTaint } from '@kubernest/kinds';
import type { PodObject, SchedulerPlugin } from '@kubernest/scheduler/engine';
import type { Taint } from 'kubernetes-types/core/v1.js';

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer soft ones. */
export const taintToleration: SchedulerPlugin = {
  name: 'taint-toleration',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 3,
  filter(pod, node) {
    const taints = node.node.spec?.taints;
    if (!taints) return undefined;
    const taint = taints.find((t) => t.effect !== 'PreferNoSchedule' && !isTolerated(pod, t));
    return (
      taint && [{ reason: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`, unresolvable: true }]
    );
  },
  score(pod, node) {
    const soft = (node.node.spec?.taints ?? []).filter((t) => t.effect === 'PreferNoSchedule' && !isTolerated(pod, t));
    return 100 / (1 + soft.length);
  },
};

const isTolerated = (pod: PodObject, taint: Taint): boolean =>
  pod.spec?.tolerations?.some((toleration) => toleratesTaint(toleration, taint)) ?? false;
