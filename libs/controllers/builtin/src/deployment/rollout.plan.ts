import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import {
  activeOrLatest,
  available,
  bounds,
  DESIRED,
  isRolling,
  MAX,
  oldestFirst,
  sum,
  sumWanted,
  wanted,
} from './replica-set-math.ts';

/** One set gets another size. */
export interface Resize {
  readonly set: ReplicaSet;
  readonly to: number;
}

/** Is somebody changing the deployment's size, as opposed to its template? Then the running sets share the change. */
export function isScaling(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some((set) => {
    const desired = set.metadata.annotations?.[DESIRED];
    return wanted(set) > 0 && desired !== undefined && Number(desired) !== wanted(deployment);
  });
}

/** How far the new set may grow now. */
export function newSetSize(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): number {
  const have = current ? wanted(current) : 0;
  if (!isRolling(deployment)) return wanted(deployment);
  if (have >= wanted(deployment)) return wanted(deployment);
  const most = wanted(deployment) + bounds(deployment).surge;
  const room = most - have - sumWanted(old);
  return room <= 0 ? have : have + Math.min(room, wanted(deployment) - have);
}

/** How the old sets shrink: first those pods that do not work anyway, then as many as availability allows. */
export function planShrink(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): readonly Resize[] {
  const all = [...old, current];
  const least = wanted(deployment) - bounds(deployment).unavailable;
  const mayGo = sumWanted(all) - least - (wanted(current) - available(current));
  if (mayGo <= 0) return [];
  const sizes = new Map<ReplicaSet, number>([...old].sort(oldestFirst).map((set) => [set, wanted(set)]));
  let unhealthy = mayGo;
  for (const [set, size] of sizes) {
    const cut = Math.max(0, Math.min(unhealthy, size - available(set)));
    sizes.set(set, size - cut);
    unhealthy -= cut;
  }
  let healthy = sum(all.map(available)) - least;
  for (const [set, size] of sizes) {
    if (healthy <= 0) break;
    const cut = Math.min(size, healthy);
    sizes.set(set, size - cut);
    healthy -= cut;
  }
  return [...sizes].filter(([set, to]) => to !== wanted(set)).map(([set, to]) => ({ set, to }));
}

/** A new size while paused or in the middle of a rollout: every running set takes its share. */
export function planScale(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): readonly Resize[] {
  const only = activeOrLatest(current, old);
  // An unchanged size too: its annotations must learn what is wanted now, or it would seem to be scaling for ever.
  if (only) return [{ set: only, to: wanted(deployment) }];
  const active = [...old, ...(current ? [current] : [])].filter((set) => wanted(set) > 0);
  if (current && isSaturated(deployment, current)) {
    return active.filter((set) => set !== current).map((set) => ({ set, to: 0 }));
  }
  return isRolling(deployment) ? shareOut(deployment, active) : [];
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const want = wanted(deployment);
  return wanted(set) === want && Number(set.metadata.annotations?.[DESIRED]) === want && available(set) === want;
}

function shareOut(deployment: Deployment, active: readonly ReplicaSet[]): readonly Resize[] {
  const most = wanted(deployment) > 0 ? wanted(deployment) + bounds(deployment).surge : 0;
  const toAdd = most - sumWanted(active);
  const newestWins = toAdd > 0 ? -1 : 1;
  const bySize = [...active].sort((a, b) => wanted(b) - wanted(a) || newestWins * oldestFirst(a, b));
  let added = 0;
  const sizes = bySize.map((set) => {
    const share = toAdd === 0 || toAdd === added ? 0 : clampShare(fraction(set, deployment, most), toAdd - added);
    added += share;
    return wanted(set) + share;
  });
  // What rounding left over goes to the largest.
  if (sizes.length > 0) sizes[0] = Math.max(0, sizes[0]! + toAdd - added);
  // Unchanged sizes too: their annotations must learn what is wanted now.
  return bySize.map((set, i) => ({ set, to: sizes[i]! }));
}

const clampShare = (share: number, left: number): number => (left > 0 ? Math.min(share, left) : Math.max(share, left));

function fraction(set: ReplicaSet, deployment: Deployment, most: number): number {
  if (wanted(deployment) === 0) return -wanted(set);
  const before = Number(set.metadata.annotations?.[MAX]) || deployment.status?.replicas || wanted(set);
  return Math.round((wanted(set) * most) / before) - wanted(set);
}

/** With Recreate nothing new starts while anything old is left, pods on their way out included. */
export function oldIsGone(old: readonly ReplicaSet[]): boolean {
  return old.every((set) => {
    const {
      replicas = 0,
      observedGeneration = 0,
      terminatingReplicas = 0,
    } = (set.status ?? {}) as { replicas?: number; observedGeneration?: number; terminatingReplicas?: number };
    return (
      wanted(set) === 0 &&
      replicas === 0 &&
      terminatingReplicas === 0 &&
      observedGeneration >= (set.metadata.generation ?? 0)
    );
  });
}
