import type { Misfit, NodeView, PodObject, SchedulerPlugin } from './plugin.ts';

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
 * among equals, so that pods that ask for nothing still spread.
 */
export function decide(
  pod: PodObject,
  nodes: readonly NodeView[],
  plugins: readonly SchedulerPlugin[],
  turn: number,
): Decision {
  const states = plugins.map((plugin) => plugin.prepare?.(pod));
  const misfits: NodeMisfit[] = [];
  const blockedBy = new Set<SchedulerPlugin>();
  let best: NodeView | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(i + turn) % nodes.length]!;
    const objection = firstObjection(pod, node, plugins, states);
    if (objection) {
      blockedBy.add(objection.plugin);
      for (const misfit of objection.misfits) misfits.push({ node: node.name, plugin: objection.plugin.name, misfit });
      continue;
    }
    const score = scoreOf(pod, node, plugins, states);
    if (score > bestScore) {
      best = node;
      bestScore = score;
    }
  }
  return best ? { fits: true, node: best } : { fits: false, misfits, blockedBy: [...blockedBy] };
}

function firstObjection(
  pod: PodObject,
  node: NodeView,
  plugins: readonly SchedulerPlugin[],
  states: readonly unknown[],
) {
  for (let i = 0; i < plugins.length; i++) {
    const plugin = plugins[i]!;
    const misfits = plugin.filter?.(pod, node, states[i]);
    if (misfits && misfits.length > 0) return { plugin, misfits };
  }
  return undefined;
}

function scoreOf(
  pod: PodObject,
  node: NodeView,
  plugins: readonly SchedulerPlugin[],
  states: readonly unknown[],
): number {
  let total = 0;
  for (let i = 0; i < plugins.length; i++) {
    const plugin = plugins[i]!;
    if (plugin.score) total += (plugin.weight ?? 1) * plugin.score(pod, node, states[i]);
  }
  return total;
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: the reasons counted and sorted, as kubectl users know them. */
export function explainMisfits(nodeCount: number, misfits: readonly NodeMisfit[]): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { misfit } of misfits) counts.set(misfit.reason, (counts.get(misfit.reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available: ${reasons.join(', ')}.`;
}
