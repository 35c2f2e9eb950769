import type { SchedulerPlugin } from '@kubernest/scheduler/engine';
import { nodeAffinity } from './node-affinity/node-affinity.plugin.ts';
import { nodeName } from './node-name/node-name.plugin.ts';
import { nodePorts } from './node-ports/node-ports.plugin.ts';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.plugin.ts';
import { podAffinity } from './pod-affinity/pod-affinity.plugin.ts';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread.plugin.ts';
import { resources } from './resources/resources.plugin.ts';
import { schedulingGates } from './scheduling-gates/scheduling-gates.plugin.ts';
import { taintToleration } from './taint-toleration/taint-toleration.plugin.ts';

/** In the order they are asked: what is cheap and final first. */
export const builtinPlugins: readonly SchedulerPlugin[] = [
  schedulingGates,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  resources,
  podTopologySpread,
  podAffinity,
] as readonly SchedulerPlugin[];
