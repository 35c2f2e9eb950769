import type { Namespace } from '@kubernest/kinds';
import { deepEqual, wireTime } from '@kubernest/meta';

/** What a round of deleting found. */
export interface Findings {
  /** Groups that did not answer, with why. */
  readonly undiscovered: ReadonlyMap<string, string>;
  /** Why content could not be deleted or counted. */
  readonly failures: readonly string[];
  /** `pods.` or `deployments.apps` → how many are left. */
  readonly remaining: ReadonlyMap<string, number>;
  /** Finalizer → on how many objects it still stands. */
  readonly finalizers: ReadonlyMap<string, number>;
}

type Conditions = NonNullable<NonNullable<Namespace['status']>['conditions']>;

/** Whether the namespace may go: nothing is left of what can be seen. A group that does not answer holds nobody up. */
export const isEmpty = (findings: Findings): boolean => findings.remaining.size === 0 && findings.failures.length === 0;

/** compat: kubectl describe and people's scripts read these types, reasons and messages. */
export function planConditions(old: Conditions, findings: Findings, now: Date): Conditions {
  const { undiscovered, failures, remaining, finalizers } = findings;
  const wanted = [
    undiscovered.size > 0
      ? of(
          'NamespaceDeletionDiscoveryFailure',
          true,
          'DiscoveryFailed',
          `Discovery failed for some groups, ${undiscovered.size} failing: ${listed(undiscovered, (group, why) => `${group}: ${why}`)}`,
        )
      : of('NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'),
    of(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    failures.length > 0
      ? of(
          'NamespaceDeletionContentFailure',
          true,
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
        )
      : of(
          'NamespaceDeletionContentFailure',
          false,
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    remaining.size > 0
      ? of(
          'NamespaceContentRemaining',
          true,
          'SomeResourcesRemain',
          `Some resources are remaining: ${listed(remaining, (resource, count) => `${resource} has ${count} resource instances`)}`,
        )
      : of('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    finalizers.size > 0
      ? of(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${listed(finalizers, (name, count) => `${name} in ${count} resource instances`)}`,
        )
      : of(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
  const others = old.filter((condition) => !wanted.some((one) => one.type === condition.type));
  return [
    ...others,
    ...wanted.map((one) => {
      const before = old.find((condition) => condition.type === one.type);
      if (!before || before.status !== one.status) return { ...one, lastTransitionTime: wireTime(now) };
      return deepEqual({ ...before, ...one }, before)
        ? before
        : { ...one, lastTransitionTime: before.lastTransitionTime };
    }),
  ];
}

const of = (type: string, status: boolean, reason: string, message: string) =>
  ({ type, status: status ? 'True' : 'False', reason, message }) as const;

function listed<T>(entries: ReadonlyMap<string, T>, say: (key: string, value: T) => string): string {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => say(key, value))
    .join(', ');
}
