import type { SchedulerPlugin } from '@kubernest/scheduler/engine';

const misfits = [{ reason: "node(s) didn't match the requested node name", unresolvable: true }];

/** A pod that names its node fits there only. */
export const nodeName: SchedulerPlugin = {
  name: 'node-name',
  unblockedBy: ['node-added'],
  filter: (pod, node) => (pod.spec?.nodeName && pod.spec.nodeName !== node.name ? misfits : undefined),
};
