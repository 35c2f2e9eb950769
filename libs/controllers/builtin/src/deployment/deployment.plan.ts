import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { cloneInSteps, deepEqual, type Labels, type Steps } from '@kubernest/meta';
import { ownerReferenceTo } from '../shared/ownership.ts';
import { findNew, HASH_LABEL, isRolling, sumWanted, wanted } from './replica-set-math.ts';
import { newSetAnnotations, sizeAnnotations } from './revisions.ts';
import { isScaling, newSetSize, oldIsGone, planScale, planShrink, type Resize } from './rollout.plan.ts';
import { templateHash } from './template-hash.ts';

export const deploymentType = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** What one look at a deployment leads to. Steps that depend on the outcome of these come with the next look. */
export interface DeploymentPlan {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
  readonly create: ReplicaSet | undefined;
  /** The new set as its metadata and minReadySeconds should be, when that is not how it is. */
  readonly annotate: ReplicaSet | undefined;
  readonly resize: readonly Resize[];
  /** False while paused or being scaled. */
  readonly rollout: boolean;
}

/** In steps: a template may be as large as an object. */
export function* planDeployment(deployment: Deployment, sets: readonly ReplicaSet[]): Steps<DeploymentPlan> {
  const current = yield* findNew(deployment, sets);
  const old = sets.filter((set) => set !== current);
  const nothing = {
    current,
    old,
    create: undefined,
    annotate: undefined,
    resize: [] as readonly Resize[],
    rollout: true,
  };
  if (deployment.metadata.deletionTimestamp) return { ...nothing, rollout: false };
  if (deployment.spec?.paused || isScaling(deployment, sets))
    return {
      ...nothing,
      annotate: current && planAnnotate(deployment, current, old),
      resize: planScale(deployment, current, old),
      rollout: false,
    };
  if (!isRolling(deployment)) {
    if (sumWanted(old) > 0)
      return {
        ...nothing,
        annotate: current && planAnnotate(deployment, current, old),
        resize: old.filter((set) => wanted(set) > 0).map((set) => ({ set, to: 0 })),
      };
    if (!oldIsGone(old)) return nothing;
  }
  if (!current) return { ...nothing, create: yield* newSet(deployment, old) };
  const annotate = planAnnotate(deployment, current, old);
  const grown = newSetSize(deployment, current, old);
  if (grown !== wanted(current)) return { ...nothing, annotate, resize: [{ set: current, to: grown }] };
  return { ...nothing, annotate, resize: isRolling(deployment) ? planShrink(deployment, current, old) : [] };
}

function* newSet(deployment: Deployment, old: readonly ReplicaSet[]): Steps<ReplicaSet> {
  const hash = yield* templateHash(deployment.spec?.template, deployment.status?.collisionCount);
  const { template, selector, minReadySeconds } = deployment.spec!;
  const withHash = function* (labels: Labels | undefined): Steps<Labels> {
    return Object.assign(yield* cloneInSteps(labels ?? {}), { [HASH_LABEL]: hash });
  };
  const labels = yield* withHash(template.metadata?.labels);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { ...newSetAnnotations(deployment, undefined, old), ...sizeAnnotations(deployment) },
      ownerReferences: [ownerReferenceTo(deployment, deploymentType)],
    },
    spec: {
      replicas: newSetSize(deployment, undefined, old),
      selector: { ...selector, matchLabels: yield* withHash(selector.matchLabels) },
      template: { ...template, metadata: { ...template.metadata, labels } },
      minReadySeconds,
    },
  };
}

function planAnnotate(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const annotations = newSetAnnotations(deployment, current, old);
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const same =
    deepEqual(annotations, current.metadata.annotations ?? {}) &&
    (minReadySeconds ?? 0) === (current.spec?.minReadySeconds ?? 0);
  return same
    ? undefined
    : { ...current, metadata: { ...current.metadata, annotations }, spec: { ...current.spec!, minReadySeconds } };
}
