import type { Pod, ReplicaSet } from '@kubernest/kinds';
import { deepEqual, hasLabels, type Labels, ownValue, wireTime } from '@kubernest/meta';
import { availableIn, isActive, isReady, isTerminal, readyCondition } from '../shared/pods.ts';

/** More than this many pods are never made or deleted in one go. */
export const BURST = 500;

export type ReplicaPlan = { readonly create: number } | { readonly delete: readonly Pod[] };

/** `unseen` pods were made by us and are not in the cache yet; `pods` are the active ones, without those we already deleted. */
export function planReplicas(
  replicaSet: ReplicaSet,
  pods: readonly Pod[],
  unseen: number,
  relatedOnNode: ReadonlyMap<string, number>,
  now: Date,
): ReplicaPlan {
  const missing = (replicaSet.spec?.replicas ?? 1) - pods.length - unseen;
  if (missing >= 0) return { create: Math.min(missing, BURST) };
  const surplus = Math.min(-missing, BURST, pods.length);
  return { delete: rankForDeletion(pods, relatedOnNode, now).slice(0, surplus) };
}

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** Who goes first. compat: this is Kubernetes' order, and people rely on it when they scale down. */
export function rankForDeletion(pods: readonly Pod[], relatedOnNode: ReadonlyMap<string, number>, now: Date): Pod[] {
  const marks = new Map(pods.map((pod) => [pod, deletionMarks(pod, relatedOnNode)]));
  return [...pods].sort((a, b) => {
    const [left, right] = [marks.get(a)!, marks.get(b)!];
    return (
      firstDifference(left.standing, right.standing) ||
      youngerFirst([a, left.readySince], [b, right.readySince], now) ||
      firstDifference(left.restarts, right.restarts) ||
      youngerFirst([a, left.madeAt], [b, right.madeAt], now)
    );
  });
}

/** Smaller goes first, the earlier mark counts more. */
function deletionMarks(pod: Pod, relatedOnNode: ReadonlyMap<string, number>) {
  const { nodeName } = pod.spec ?? {};
  const ready = isReady(pod);
  return {
    standing: [
      nodeName ? 1 : 0,
      ownValue(phaseOrder, pod.status?.phase ?? 'Pending') ?? 1,
      ready ? 1 : 0,
      deletionCost(pod),
      -(nodeName ? (relatedOnNode.get(nodeName) ?? 0) : 0),
    ],
    readySince: ready ? timeOf(readyCondition(pod)?.lastTransitionTime) : 0,
    restarts: [-mostRestarts(pod.status?.containerStatuses), -mostRestarts(pod.status?.initContainerStatuses)],
    madeAt: timeOf(pod.metadata.creationTimestamp),
  };
}

const timeOf = (time: string | undefined): number => Date.parse(time ?? '') || 0;

const mostRestarts = (statuses: readonly { readonly restartCount: number }[] | undefined): number =>
  Math.max(0, ...(statuses ?? []).map(({ restartCount }) => restartCount));

/** compat: what is no whole number costs nothing. */
function deletionCost({ metadata: { annotations } }: Pod): number {
  const cost = annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '';
  return /^(0|-?[1-9]\d*)$/.test(cost) ? Number(cost) : 0;
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((mark, i) => mark !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Ages within a factor of two count as equal, so that who is a moment older is not always spared; then the uid draws the lot. */
function youngerFirst([a, since]: readonly [Pod, number], [b, other]: readonly [Pod, number], now: Date): number {
  if (since === other) return 0;
  if (since === 0 || other === 0) return since === 0 ? -1 : 1;
  return ageClass(since, now) - ageClass(other, now) || (a.metadata.uid! < b.metadata.uid! ? -1 : 1);
}

/** compat: of nanoseconds, which decides where a class ends. */
const ageClass = (since: number, now: Date): number =>
  now.getTime() <= since ? -1 : Math.floor(Math.log2((now.getTime() - since) * 1_000_000));

export interface StatusInput {
  readonly replicaSet: ReplicaSet;
  /** All of the set's pods, those on their way out too. */
  readonly pods: readonly Pod[];
  /** What went wrong when making or deleting pods just now. */
  readonly failure: { readonly reason: 'FailedCreate' | 'FailedDelete'; readonly message: string } | undefined;
  readonly now: Date;
}

const none: Labels = {};

export function planStatus({ replicaSet, pods, failure, now }: StatusInput): NonNullable<ReplicaSet['status']> {
  const active = pods.filter(isActive);
  const labels: Labels = replicaSet.spec?.template?.metadata?.labels ?? none;
  const minReady = replicaSet.spec?.minReadySeconds ?? 0;
  const old = replicaSet.status;
  const status = {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => hasLabels(labels, pod.metadata.labels)).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => availableIn(pod, minReady, now) === 0).length,
    terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp && !isTerminal(pod)).length,
    observedGeneration: replicaSet.metadata.generation,
    conditions: conditionsAfter(old?.conditions ?? [], failure, now),
  };
  return status as NonNullable<ReplicaSet['status']>;
}

type Conditions = NonNullable<NonNullable<ReplicaSet['status']>['conditions']>;

function conditionsAfter(old: Conditions, failure: StatusInput['failure'], now: Date): Conditions | undefined {
  const others = old.filter((condition) => condition.type !== 'ReplicaFailure');
  if (!failure) return others.length > 0 ? others : undefined;
  const same = old.find((condition) => condition.type === 'ReplicaFailure' && condition.reason === failure.reason);
  return [...others, same ?? { type: 'ReplicaFailure', status: 'True', lastTransitionTime: wireTime(now), ...failure }];
}

/** Zero and absent are one for the wire, so that nothing is written for the difference. */
export function sameStatus(a: ReplicaSet['status'], b: ReplicaSet['status']): boolean {
  const full = (status: ReplicaSet['status']) => ({
    ...status,
    fullyLabeledReplicas: status?.fullyLabeledReplicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    availableReplicas: status?.availableReplicas ?? 0,
    terminatingReplicas: (status as { terminatingReplicas?: number } | undefined)?.terminatingReplicas ?? 0,
    conditions: status?.conditions ?? [],
  });
  return deepEqual(full(a), full(b)) && a !== undefined;
}
