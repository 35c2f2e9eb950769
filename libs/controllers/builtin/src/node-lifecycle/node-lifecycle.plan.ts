import type { Node, Pod } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { ownValue, wireTime } from '@kubernest/meta';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
export type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];
type PodCondition = NonNullable<NonNullable<Pod['status']>['conditions']>[number];

/** A kubelet that has been silent this long is not trusted any more. */
export const SILENT_AFTER: Milliseconds = 40_000;
/** A node that never reported gets longer. */
export const STARTS_WITHIN: Milliseconds = 60_000;

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const whileTrue: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
};
const ownKeys = new Set([NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...Object.values(whileTrue)]);
const evictingKeys = new Set([NOT_READY, UNREACHABLE]);
const keptByKubelet = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

export const readyOf = (node: Node): NodeCondition | undefined =>
  node.status?.conditions?.find((condition) => condition.type === 'Ready');

export const isNodeReady = (node: Node): boolean => readyOf(node)?.status === 'True';

/** How long the kubelet may still be silent: 0 when it has been for too long. */
export function mayBeSilentFor(node: Node, silentFor: Milliseconds): Milliseconds {
  return Math.max(0, (readyOf(node) ? SILENT_AFTER : STARTS_WITHIN) - silentFor);
}

/** The conditions of a node whose kubelet is silent; undefined when they say so already. */
export function planSilentConditions(node: Node, now: Date): readonly NodeCondition[] | undefined {
  const held = node.status?.conditions ?? [];
  const known = new Map(held.map((condition) => [condition.type, condition]));
  let changed = false;
  for (const type of keptByKubelet) {
    const condition = known.get(type);
    if (condition?.status === 'Unknown') continue;
    changed = true;
    known.set(type, {
      type,
      status: 'Unknown',
      reason: condition ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: condition ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.',
      lastHeartbeatTime: condition?.lastHeartbeatTime ?? node.metadata.creationTimestamp ?? wireTime(now),
      lastTransitionTime: wireTime(now),
    });
  }
  return changed ? [...known.values()] : undefined;
}

/** A list that differs from the node's only in the taints that are this controller's; undefined when nothing is to change. */
export function planTaints(node: Node, mayEvict: boolean, now: Date): readonly Taint[] | undefined {
  const held = node.spec?.taints ?? [];
  const wanted = new Map(wantedTaints(node, mayEvict).map((taint) => [idOf(taint), taint]));
  const kept = held.filter((taint) => !isOwn(taint) || wanted.has(idOf(taint)));
  const present = new Set(held.map(idOf));
  const added = [...wanted.values()].filter((taint) => !present.has(idOf(taint)));
  if (added.length === 0 && kept.length === held.length) return undefined;
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: wireTime(now) }))];
}

function wantedTaints(node: Node, mayEvict: boolean): readonly Taint[] {
  const conditions = node.status?.conditions ?? [];
  const pressed = conditions.flatMap(({ type, status }) => {
    const key = status === 'True' ? ownValue(whileTrue, type) : undefined;
    return key ? [{ key, effect: 'NoSchedule' as const }] : [];
  });
  const cordoned = node.spec?.unschedulable ? [{ key: UNSCHEDULABLE, effect: 'NoSchedule' as const }] : [];
  return [...unreadyTaints(readyOf(node), mayEvict), ...pressed, ...cordoned];
}

/** A node that has not reported yet takes no pods, and loses none. */
function unreadyTaints(ready: NodeCondition | undefined, mayEvict: boolean): readonly Taint[] {
  if (ready?.status === 'True') return [];
  const key = ready?.status === 'Unknown' ? UNREACHABLE : NOT_READY;
  const taints: Taint[] = [{ key, effect: 'NoSchedule' }];
  if (ready && mayEvict) taints.push({ key, effect: 'NoExecute' });
  return taints;
}

const isOwn = ({ key, effect }: Taint): boolean =>
  (effect === 'NoSchedule' && ownKeys.has(key)) || (effect === 'NoExecute' && evictingKeys.has(key));

const idOf = ({ key, effect }: Taint): string => `${key}:${effect}`;

/** Nobody can say that a pod there is ready; undefined when it is not said. */
export function planUnreachablePod(pod: Pod, now: Date): readonly PodCondition[] | undefined {
  const conditions = pod.status?.conditions ?? [];
  if (!conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return undefined;
  return conditions.map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime: wireTime(now) } : condition,
  );
}
