import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import { wireTime } from '@kubernest/meta';
import { bounds, sum, sumWanted, wanted } from './replica-set-math.ts';

export type DeploymentStatus = NonNullable<Deployment['status']> & { readonly terminatingReplicas?: number };
export type Condition = NonNullable<NonNullable<Deployment['status']>['conditions']>[number];
type Change = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
/** compat: this number of seconds means that there is no deadline. */
const NO_DEADLINE = 2147483647;

export const find = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** Sets a condition. One of the same status and reason stays as it is, unless its news is that it still goes on (`refresh`). */
export function withCondition(
  conditions: readonly Condition[],
  change: Change,
  now: Date,
  refresh = false,
): Condition[] {
  const old = find(conditions, change.type);
  if (old && old.status === change.status && old.reason === change.reason && !refresh) return [...conditions];
  const lastTransitionTime = old && old.status === change.status ? old.lastTransitionTime : wireTime(now);
  const next = { ...change, lastUpdateTime: wireTime(now), lastTransitionTime } as Condition;
  return [...conditions.filter((condition) => condition.type !== change.type), next];
}

export interface ProgressInput {
  readonly deployment: Deployment;
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
  /** Conditions that this run has set already. */
  readonly conditions: readonly Condition[];
  readonly collisionCount: number | undefined;
  /** False while paused or scaling: then there is no rollout whose progress could be told. */
  readonly rollout: boolean;
  readonly now: Date;
}

export function planStatus(input: ProgressInput): DeploymentStatus {
  const { deployment, current, old, now } = input;
  const sets = current ? [...old, current] : old;
  const total = (member: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas'): number =>
    sum(sets.map((set) => (set.status as Partial<Record<typeof member, number>> | undefined)?.[member] ?? 0));
  const availableReplicas = total('availableReplicas');
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas: total('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, sumWanted(sets) - availableReplicas),
    terminatingReplicas: total('terminatingReplicas'),
    collisionCount: input.collisionCount,
  };
  const enough = availableReplicas >= wanted(deployment) - bounds(deployment).unavailable;
  let conditions = withCondition(
    input.conditions,
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    now,
  );
  if (input.rollout) conditions = withFailure(withProgress(conditions, status, input), sets, now);
  return { ...status, conditions };
}

export const hasDeadline = (deployment: Deployment): boolean =>
  (deployment.spec?.progressDeadlineSeconds ?? NO_DEADLINE) !== NO_DEADLINE;

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const want = wanted(deployment);
  return (
    status.updatedReplicas === want &&
    status.replicas === want &&
    status.availableReplicas === want &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function withProgress(conditions: readonly Condition[], status: DeploymentStatus, input: ProgressInput): Condition[] {
  const { deployment, current, now } = input;
  const before = find(conditions, 'Progressing');
  if (!hasDeadline(deployment)) return conditions.filter((condition) => condition.type !== 'Progressing');
  if (status.replicas === status.updatedReplicas && before?.reason === 'NewReplicaSetAvailable') return [...conditions];
  const who = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const told = (status: 'True' | 'False', reason: string, words: string): Change => ({
    type: 'Progressing',
    status,
    reason,
    message: `${who} ${words}`,
  });
  if (isComplete(deployment, status)) {
    return withCondition(conditions, told('True', 'NewReplicaSetAvailable', 'has successfully progressed.'), now);
  }
  if (hasProgressed(deployment.status, status)) {
    return withCondition(conditions, told('True', 'ReplicaSetUpdated', 'is progressing.'), now, true);
  }
  if (isOverdue(deployment, before, now)) {
    return withCondition(conditions, told('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'), now);
  }
  return [...conditions];
}

function hasProgressed(old: Deployment['status'], status: DeploymentStatus): boolean {
  const outdated = (of: Deployment['status']): number => (of?.replicas ?? 0) - (of?.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (old?.updatedReplicas ?? 0) ||
    outdated(status) < outdated(old) ||
    (status.readyReplicas ?? 0) > (old?.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old?.availableReplicas ?? 0)
  );
}

function isOverdue(deployment: Deployment, progressing: Condition | undefined, now: Date): boolean {
  const left = deadlineIn(deployment, progressing, now);
  return progressing?.reason === 'ProgressDeadlineExceeded' || (left !== undefined && left <= 0);
}

/** Until the rollout counts as stuck; undefined when nothing is going on that could be. */
export function deadlineIn(
  deployment: Deployment,
  progressing: Condition | undefined,
  now: Date,
): Milliseconds | undefined {
  if (!progressing || !hasDeadline(deployment) || deployment.spec?.paused) return undefined;
  if (progressing.reason === 'NewReplicaSetAvailable' || progressing.reason === 'ProgressDeadlineExceeded')
    return undefined;
  const since = Date.parse(progressing.lastUpdateTime ?? progressing.lastTransitionTime ?? '');
  return since + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000 - now.getTime();
}

/** A set that cannot make its pods makes the deployment say so. */
function withFailure(conditions: readonly Condition[], sets: readonly ReplicaSet[], now: Date): Condition[] {
  const failure = [...sets]
    .reverse()
    .flatMap((set) => set.status?.conditions ?? [])
    .find((condition) => condition.type === 'ReplicaFailure');
  if (!failure) return conditions.filter((condition) => condition.type !== 'ReplicaFailure');
  const { status, reason, message } = failure;
  return withCondition(conditions, { type: 'ReplicaFailure', status, reason, message }, now);
}

/** Pausing and going on stop and restart the deadline's clock. */
export function pauseCondition(deployment: Deployment, conditions: readonly Condition[], now: Date): Condition[] {
  const before = find(conditions, 'Progressing');
  if (!hasDeadline(deployment) || before?.reason === 'ProgressDeadlineExceeded') return [...conditions];
  const isPaused = before?.reason === 'DeploymentPaused';
  if (deployment.spec?.paused && !isPaused) {
    return withCondition(
      conditions,
      { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' },
      now,
    );
  }
  if (!deployment.spec?.paused && isPaused) {
    return withCondition(
      conditions,
      { type: 'Progressing', status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' },
      now,
    );
  }
  return [...conditions];
}
