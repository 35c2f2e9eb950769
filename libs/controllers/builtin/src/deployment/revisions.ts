import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { bounds, DESIRED, MAX, oldestFirst, REVISION, REVISION_HISTORY, wanted } from './replica-set-math.ts';

/** What belongs to the object it was written on and must not travel to its sets. */
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);

const LARGEST = 2n ** 63n - 1n;

/** Any number that 64 bits hold: people and tests write very large ones. What is none counts as 0, and is not worked out. */
function revisionOf({ metadata: { annotations } }: ReplicaSet): bigint {
  const written = annotations?.[REVISION] ?? '';
  if (!/^\d{1,19}$/.test(written)) return 0n;
  const revision = BigInt(written);
  return revision > LARGEST ? 0n : revision;
}

export const sizeAnnotations = (deployment: Deployment): Record<string, string> => ({
  [DESIRED]: String(wanted(deployment)),
  [MAX]: String(wanted(deployment) + bounds(deployment).surge),
});

/** compat: an annotation of numbers must not grow for ever: the oldest are dropped. */
const HISTORY_LENGTH = 2000;

function historyWith(history: string | undefined, revision: string): string {
  const all = history ? `${history},${revision}` : revision;
  if (all.length <= HISTORY_LENGTH) return all;
  return all.slice(all.indexOf(',', all.length - HISTORY_LENGTH - 1) + 1);
}

/** The annotations of the set that runs the present template: the deployment's, and a revision above all others. */
export function newSetAnnotations(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const present = current?.metadata.annotations ?? {};
  const result: Record<string, string> = { ...present, ...Object.fromEntries(copied) };
  const latest = [...old].sort(lowestRevisionFirst).at(-1);
  const next = (latest ? revisionOf(latest) : 0n) + 1n;
  const was = current ? revisionOf(current) : 0n;
  if (was < next) {
    // A template that comes back (undo) keeps the numbers it had, for those who look for them.
    if (was > 0n) result[REVISION_HISTORY] = historyWith(present[REVISION_HISTORY], String(was));
    result[REVISION] = String(next);
  }
  return result;
}

function lowestRevisionFirst(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [revisionOf(a), revisionOf(b)];
  return left === right ? oldestFirst(a, b) : left < right ? -1 : 1;
}

/** Sets beyond the history limit that hold nothing any more, the oldest revision first. */
export function planHistory(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec?.revisionHistoryLimit;
  if (limit === undefined) return [];
  const alive = old.filter((set) => !set.metadata.deletionTimestamp);
  const surplus = alive.length - limit;
  if (surplus <= 0) return [];
  const candidates = [...alive].sort(lowestRevisionFirst).slice(0, surplus);
  return candidates.filter(
    (set) =>
      wanted(set) === 0 &&
      (set.status?.replicas ?? 0) === 0 &&
      (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0),
  );
}
