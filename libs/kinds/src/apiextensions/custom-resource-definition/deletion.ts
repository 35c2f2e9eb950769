import type { KubeObject } from '@kubernest/meta';
import type { SentDefinition } from './definition-parts.ts';

/** Held by it until its objects are gone. */
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Nothing goes at its first deletion: its objects have to go before. */
export const isHeldForCleanup = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp === undefined;

type Draft = {
  metadata: { finalizers?: readonly string[]; readonly deletionTimestamp?: string };
  status?: SentDefinition['status'];
};

/** compat: the finalizer comes with the deletion. At each further one the condition is there, and both stay as they are. */
export function beginCleanup(draft: KubeObject): void {
  const { metadata, status } = draft as Draft;
  const conditions = status?.conditions ?? [];
  if (conditions.some(({ type, status: is }) => type === 'Terminating' && is === 'True')) return;
  metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), CLEANUP])];
  const terminating = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: metadata.deletionTimestamp,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  const others = conditions.filter(({ type }) => type !== 'Terminating');
  (draft as Draft).status = { ...status, conditions: [...others, terminating] };
}
