import { fewerIsBetter, type NodeView, type PodObject, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import { isTolerated } from './tolerations.ts';

const misfits = [{ reason: 'node(s) had untolerated taint(s)', unresolvable: true }];

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer soft ones. */
export const taintToleration: SchedulerPlugin = {
  name: 'taint-toleration',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 3,
  normalize: fewerIsBetter,
  prepare: (_pod, { nodes }) => (nodes.some(({ node }) => node.spec?.taints?.length) ? true : undefined),
  filter: (pod, node) => (toleratesNode(pod, node) ? undefined : misfits),
  score: (pod, node) =>
    node.node.spec?.taints?.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(pod, taint)).length ??
    0,
};

/** Every taint of the node that keeps pods off. */
export const toleratesNode = (pod: PodObject, { node }: NodeView): boolean =>
  !node.spec?.taints?.some((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(pod, taint));
