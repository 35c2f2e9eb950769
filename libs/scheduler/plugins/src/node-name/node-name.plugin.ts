import type { SchedulerPlugin } from '@kubernest/scheduler/engine';

const misfits = [{ reason: "node(s) didn't match the requested node name", unresolvable: true }];

/** A pod that names its node fits there only. */
export const nodeName: SchedulerPlugin = {
  name: 'node-name',
  unblockedBy: ['node-added'],
  prepare: (pod) => pod.spec?.nodeName || undefined,
  filter: (_pod, node, nodeName) => (nodeName === node.name ? undefined : misfits),
};
