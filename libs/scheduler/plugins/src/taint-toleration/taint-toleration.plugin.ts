import { toleratesTaint } from '@kubernest/kinds';
import type { PodObject, SchedulerPlugin } from '@kubernest/scheduler/engine';
import type { Taint } from 'kubernetes-types/core/v1.js';

const misfits = [{ reason: 'node(s) had untolerated taint(s)', unresolvable: true }];

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer soft ones. */
export const taintToleration: SchedulerPlugin = {
  name: 'taint-toleration',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 3,
  scale: 'fewer-is-better',
  filter(pod, node) {
    const keepsOff = (taint: Taint): boolean => taint.effect !== 'PreferNoSchedule' && !isTolerated(pod, taint);
    return node.node.spec?.taints?.some(keepsOff) ? misfits : undefined;
  },
  score: (pod, node) =>
    node.node.spec?.taints?.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(pod, taint)).length ??
    0,
};

const isTolerated = (pod: PodObject, taint: Taint): boolean =>
  pod.spec?.tolerations?.some((toleration) => toleratesTaint(toleration, taint)) ?? false;
