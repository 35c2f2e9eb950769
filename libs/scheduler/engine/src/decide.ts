import type { Steps } from '@kubernest/meta';
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
 * among equals, so that pods that ask for nothing still spread. Throws a `PluginFault` when a plugin throws. A step is what one plugin
 * prepares, or one node.
 */
export function* decide(
  pod: PodObject,
  cluster: ClusterView,
  plugins: readonly SchedulerPlugin[],
  turn: number,
): Steps<Decision> {
  const { nodes } = cluster;
  const asked = yield* prepared(pod, cluster, plugins);
  const misfits: NodeMisfit[] = [];
  const blockedBy = new Set<SchedulerPlugin>();
  const fitting: NodeView[] = [];
  for (let i = 0; i < nodes.length; i++) {
    yield;
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
  return { fits: true, node: fitting.length === 1 ? fitting[0]! : yield* bestOf(pod, fitting, asked) };
}

interface Asked {
  readonly plugin: SchedulerPlugin;
  /** What the plugin prepared for the pod. */
  readonly state: unknown;
}

/** Those plugins that have something to say about the pod. */
function* prepared(pod: PodObject, cluster: ClusterView, plugins: readonly SchedulerPlugin[]): Steps<Asked[]> {
  const asked: Asked[] = [];
  for (const plugin of plugins) {
    const { survey } = plugin;
    const state = survey
      ? yield* surveyed(plugin, survey(pod, cluster))
      : ask(plugin, 'prepare', () => plugin.prepare?.(pod, cluster));
    if ((!survey && !plugin.prepare) || state !== undefined) asked.push({ plugin, state });
    yield;
  }
  return asked;
}

function* surveyed(plugin: SchedulerPlugin, steps: Steps<unknown>): Steps<unknown> {
  try {
    return yield* steps;
  } catch (cause) {
    throw new PluginFault(plugin, 'prepare', cause);
  }
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
function* bestOf(pod: PodObject, nodes: readonly NodeView[], asked: readonly Asked[]): Steps<NodeView> {
  const totals = new Float64Array(nodes.length);
  const scores = new Float64Array(nodes.length);
  for (const { plugin, state } of asked) {
    const { score, weight = 1, normalize } = plugin;
    if (!score) continue;
    try {
      for (let n = 0; n < scores.length; n++) {
        scores[n] = score(pod, nodes[n]!, state);
        yield;
      }
    } catch (cause) {
      throw new PluginFault(plugin, 'score', cause);
    }
    ask(plugin, 'score', () => {
      normalize?.(scores);
      const none = scores.findIndex((one) => !Number.isFinite(one));
      if (none >= 0) throw new Error(`the score of node ${nodes[none]!.name} is no number`);
    });
    for (let n = 0; n < totals.length; n++) totals[n]! += weight * scores[n]!;
  }
  return nodes[totals.indexOf(totals.reduce((best, total) => Math.max(best, total)))]!;
}

/** compat: what an Event's text may have; the pod's condition says no more, either, for a pod may have thousands of reasons. */
const LONGEST = 1024;

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`: the reasons counted and sorted, as kubectl users know them. */
export function explainMisfits(nodeCount: number, misfits: readonly NodeMisfit[]): string {
  if (nodeCount === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { misfit } of misfits) counts.set(misfit.reason, (counts.get(misfit.reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  const message = `0/${nodeCount} nodes are available: ${reasons.join(', ')}.`;
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST - 4)} ...`;
}
