import { isConditionTrue, type SentDefinition } from '@kubernest/kinds';
import type { Milliseconds } from '@kubernest/kit';
import type { ResourceRef } from '@kubernest/meta';
import { type Condition, conditionsOf } from '../shared/conditions.ts';

export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** As long as deletion may take before it is said that something holds it up. */
const PATIENCE: Milliseconds = 60_000;

/** Objects of these are not the definition's to delete: they are built in, whoever defines them once more. */
const builtIn: ReadonlySet<string> = new Set([
  'apiservices.apiregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

export const isToBeCleaned = ({ metadata }: SentDefinition): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(CLEANUP) === true;

const terminating = (status: 'True' | 'False', reason: string, message: string): Condition => ({
  type: 'Terminating',
  status,
  reason,
  message,
});

/** compat: types, reasons and messages are Kubernetes'. */
export const said = {
  inProgress: terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'),
  completed: terminating('False', 'InstanceDeletionCompleted', 'removed all instances'),
  neverEstablished: terminating('False', 'NeverEstablished', 'resource was never established'),
  overlapping: terminating(
    'False',
    'OverlappingBuiltInResource',
    'instances overlap with built-in resources in storage',
  ),
  notListed: (why: string) => terminating('True', 'InstanceDeletionFailed', `could not list instances: ${why}`),
  notDeleted: (why: string) => terminating('True', 'InstanceDeletionFailed', `could not issue all deletes: ${why}`),
} as const;

/** The deletion that comes without one object being looked at; undefined where there may be some. */
export function endedAtOnce(crd: SentDefinition): Condition | undefined {
  if (builtIn.has(`${crd.spec?.names?.plural}.${crd.spec?.group}`)) return said.overlapping;
  // Served is what has its names, already while it is being established.
  const wasServed = isConditionTrue(crd, 'Established') || isConditionTrue(crd, 'NamesAccepted');
  return wasServed ? undefined : said.neverEstablished;
}

export const hasBegun = (crd: SentDefinition): boolean =>
  conditionsOf(crd).some(({ type, reason }) => type === 'Terminating' && reason !== 'InstanceDeletionPending');

/** The version to ask for its objects: in the one they are stored in nothing has to be converted. */
export function resourceOf({ spec }: SentDefinition): ResourceRef | undefined {
  const served = (spec?.versions ?? []).filter((version) => version.served);
  const version = served.find(({ storage }) => storage) ?? served[0];
  return version && { group: spec?.group ?? '', version: version.name ?? '', resource: spec?.names?.plural ?? '' };
}

export interface Remaining {
  readonly count: number;
  readonly finalizers: ReadonlySet<string>;
}

/** What to say while objects are left. */
export function waitingFor({ metadata }: SentDefinition, { count, finalizers }: Remaining, now: Date): Condition {
  if (now.getTime() - Date.parse(metadata.deletionTimestamp ?? '') < PATIENCE) return said.inProgress;
  const held = finalizers.size > 0 ? `, with the finalizers ${[...finalizers].sort().join(', ')}` : '';
  const message = `could not confirm zero CustomResources remaining: ${count} are left${held}`;
  return terminating('True', 'InstanceDeletionCheck', message);
}
