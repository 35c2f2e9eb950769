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
  const fitting: NodeView[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(i + turn) % nodes.length]!;
    const objection = firstObjection(pod, node, plugins, states);
    if (!objection) {
      fitting.push(node);
      continue;
    }
    blockedBy.add(objection.plugin);
    for (const misfit of objection.misfits) misfits.push({ node: node.name, plugin: objection.plugin.name, misfit });
  }
  if (fitting.length === 0) return { fits: false, misfits, blockedBy: [...blockedBy] };
  return { fits: true, node: fitting.length === 1 ? fitting[0]! : bestOf(pod, fitting, plugins, states) };
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

/** The first of those with the highest sum of weighted scores. */
function bestOf(
  pod: PodObject,
  nodes: readonly NodeView[],
  plugins: readonly SchedulerPlugin[],
  states: readonly unknown[],
): NodeView {
  const totals = new Float64Array(nodes.length);
  for (let i = 0; i < plugins.length; i++) {
    const { score, weight = 1, scale } = plugins[i]!;
    if (!score) continue;
    const scores = new Float64Array(nodes.length);
    for (let n = 0; n < scores.length; n++) scores[n] = score(pod, nodes[n]!, states[i]);
    if (scale) rescale(scores, scale);
    for (let n = 0; n < totals.length; n++) totals[n]! += weight * scores[n]!;
  }
  return nodes[totals.indexOf(totals.reduce((best, total) => Math.max(best, total)))]!;
}

/** compat: the largest number becomes 100 (or, where fewer is better, 0), so that one plugin's numbers weigh as much as another's. */
function rescale(scores: Float64Array, scale: NonNullable<SchedulerPlugin['scale']>): void {
  const largest = scores.reduce((most, score) => Math.max(most, score), 0);
  for (let i = 0; i < scores.length; i++) {
    const share = largest === 0 ? 0 : (scores[i]! / largest) * 100;
    scores[i] = scale === 'more-is-better' ? share : 100 - share;
  }
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: the reasons counted and sorted, as kubectl users know them. */
export function explainMisfits(nodeCount: number, misfits: readonly NodeMisfit[]): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { misfit } of misfits) counts.set(misfit.reason, (counts.get(misfit.reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available: ${reasons.join(', ')}.`;
}
