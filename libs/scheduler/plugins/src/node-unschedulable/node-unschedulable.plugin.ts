import type { Taint } from '@kubernest/api-types/core/v1';
import type { SchedulerPlugin } from '@kubernest/scheduler/engine';
import { isTolerated } from '../taint-toleration/tolerations.ts';

const misfits = [{ reason: 'node(s) were unschedulable', unresolvable: true }];
const taint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes only pods that tolerate it. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: 'node-unschedulable',
  unblockedBy: ['node-added', 'node-changed'],
  filter: (pod, node) => (node.node.spec?.unschedulable && !isTolerated(pod, taint) ? misfits : undefined),
};
