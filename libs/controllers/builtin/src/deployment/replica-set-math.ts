import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { equalInSteps, type IntOrString, type Steps, scaledValue } from '@kubernest/meta';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';

export const wanted = (object: { readonly spec?: { readonly replicas?: number } }): number =>
  object.spec?.replicas ?? 1;
/** Pods beyond the wanted ones are about to go, even while the status still counts them. */
export const available = (set: ReplicaSet): number => Math.min(set.status?.availableReplicas ?? 0, wanted(set));
export const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
export const sumWanted = (sets: readonly ReplicaSet[]): number => sum(sets.map(wanted));
export const isRolling = (deployment: Deployment): boolean => deployment.spec?.strategy?.type !== 'Recreate';

export const oldestFirst = (a: ReplicaSet, b: ReplicaSet): number =>
  (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
  (a.metadata.name ?? '').localeCompare(b.metadata.name ?? '');

/** How many pods more and fewer than wanted there may be meanwhile. Both zero would never move: then one may be missing. */
export function bounds(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const replicas = wanted(deployment);
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const surge = scaledValue((rolling?.maxSurge ?? '25%') as IntOrString, replicas, 'up');
  const unavailable = scaledValue((rolling?.maxUnavailable ?? '25%') as IntOrString, replicas, 'down');
  return { surge, unavailable: Math.min(replicas, surge === 0 && unavailable === 0 ? 1 : unavailable) };
}

/** The template as people wrote it: without the label by which the sets tell their pods apart. */
function plainTemplate(object: Deployment | ReplicaSet): unknown {
  const template = object.spec?.template ?? {};
  if (!template.metadata) return template;
  const { creationTimestamp: _, ...metadata } = template.metadata;
  if (!metadata.labels) return { ...template, metadata };
  const { [HASH_LABEL]: _hash, ...labels } = metadata.labels;
  return { ...template, metadata: { ...metadata, labels } };
}

/** The set that runs the deployment's present template; of several the oldest, so that everybody picks the same. */
export function* findNew(deployment: Deployment, sets: readonly ReplicaSet[]): Steps<ReplicaSet | undefined> {
  const template = plainTemplate(deployment);
  for (const set of [...sets].sort(oldestFirst)) if (yield* equalInSteps(plainTemplate(set), template)) return set;
  return undefined;
}

/** All running sets, or the newest where none runs: what scales when no rollout is in progress. */
export function activeOrLatest(current: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const active = [...old, ...(current ? [current] : [])].filter((set) => wanted(set) > 0);
  if (active.length > 1) return undefined;
  return active[0] ?? current ?? [...old].sort(oldestFirst).at(-1);
}
