import { toleratesTaint } from '@kubernest/kinds';
import type { SchedulerPlugin } from '@kubernest/scheduler/engine';

const misfits = [{ reason: 'node(s) were unschedulable', unresolvable: true }];
const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes only pods that tolerate it. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: 'node-unschedulable',
  unblockedBy: ['node-added', 'node-changed'],
  filter: (pod, node) =>
    node.node.spec?.unschedulable && !pod.spec?.tolerations?.some((each) => toleratesTaint(each, taint))
      ? misfits
      : undefined,
};
