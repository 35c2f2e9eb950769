import type { ClusterView, Misfit, NodeView, PodObject, SchedulerPlugin } from './plugin.ts';
import { ask, PluginFault } from './plugin-fault.ts';

/** What one look at all nodes gave. */
export type Decision =
  | { readonly fits: true; readonly node: NodeView }
  | { readonly fits: false; readonly misfits: readonly NodeMisfit[]; readonly blockedBy: readonly SchedulerPlugin[] };

export interface NodeMisfit {
  readonly node: string;
  readonly plugin: string;
  readonly misfit: Misfit;
}

/**
 * Pure: the best node for a pod, or every reason why there is none. Per node the first plugin that objects is heard. `turn` picks
 * among equals, so that pods that ask for nothing still spread. Throws a `PluginFault` when a plugin throws.
 */
export function decide(
  pod: PodObject,
  cluster: ClusterView,
  plugins: readonly SchedulerPlugin[],
  turn: number,
): Decision {
  const { nodes } = cluster;
  const asked = plugins
    .map((plugin) => ({ plugin, state: ask(plugin, 'prepare', () => plugin.prepare?.(pod, cluster)) }))
    .filter(({ plugin, state }) => !plugin.prepare || state !== undefined);
  const misfits: NodeMisfit[] = [];
  const blockedBy = new Set<SchedulerPlugin>();
  const fitting: NodeView[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(i + turn) % nodes.length]!;
    const objection = firstObjection(pod, node, asked);
    if (!objection) {
      fitting.push(node);
      continue;
    }
    blockedBy.add(objection.plugin);
    for (const misfit of objection.misfits) misfits.push({ node: node.name, plugin: objection.plugin.name, misfit });
  }
  if (fitting.length === 0) return { fits: false, misfits, blockedBy: [...blockedBy] };
  return { fits: true, node: fitting.length === 1 ? fitting[0]! : bestOf(pod, fitting, asked) };
}

interface Asked {
  readonly plugin: SchedulerPlugin;
  /** What the plugin prepared for the pod. */
  readonly state: unknown;
}

function firstObjection(pod: PodObject, node: NodeView, asked: readonly Asked[]) {
  let i = 0;
  // One boundary around all of them, and no closure: this runs for every pod, node and plugin.
  try {
    for (; i < asked.length; i++) {
      const { plugin, state } = asked[i]!;
      const misfits = plugin.filter?.(pod, node, state);
      if (misfits && misfits.length > 0) return { plugin, misfits };
    }
  } catch (cause) {
    throw new PluginFault(asked[i]!.plugin, 'filter', cause);
  }
  return undefined;
}

/** The first of those with the highest sum of weighted scores. */
function bestOf(pod: PodObject, nodes: readonly NodeView[], asked: readonly Asked[]): NodeView {
  const totals = new Float64Array(nodes.length);
  const scores = new Float64Array(nodes.length);
  for (const { plugin, state } of asked) {
    const { score, weight = 1, normalize } = plugin;
    if (!score) continue;
    ask(plugin, 'score', () => {
      for (let n = 0; n < scores.length; n++) scores[n] = score(pod, nodes[n]!, state);
      normalize?.(scores);
      const none = scores.findIndex((one) => !Number.isFinite(one));
      if (none >= 0) throw new Error(`the score of node ${nodes[none]!.name} is no number`);
    });
    for (let n = 0; n < totals.length; n++) totals[n]! += weight * scores[n]!;
  }
  return nodes[totals.indexOf(totals.reduce((best, total) => Math.max(best, total)))]!;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: the reasons counted and sorted, as kubectl users know them. */
export function explainMisfits(nodeCount: number, misfits: readonly NodeMisfit[]): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { misfit } of misfits) counts.set(misfit.reason, (counts.get(misfit.reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available: ${reasons.join(', ')}.`;
}
