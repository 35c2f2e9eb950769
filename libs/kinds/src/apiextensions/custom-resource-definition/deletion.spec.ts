import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import type { SentDefinition } from './definition-parts.ts';
import { beginCleanup, isHeldForCleanup } from './deletion.ts';

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';
const deletionTimestamp = '2026-11-24T10:00:00Z';
const draft = (metadata: object, conditions: readonly object[] = []) =>
  ({ metadata: { name: 'lamps.example.com', ...metadata }, status: { conditions } }) as KubeObject;
const after = (object: KubeObject) => {
  beginCleanup(object);
  const { metadata, status } = object as SentDefinition;
  return [metadata.finalizers, status?.conditions];
};
const terminating = (reason: string, message: string) => ({
  type: 'Terminating',
  status: 'True',
  lastTransitionTime: deletionTimestamp,
  reason,
  message,
});
const pending = terminating(
  'InstanceDeletionPending',
  'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
);

it('is held at its first deletion, and later by finalizers alone', () => {
  expect([{}, { deletionTimestamp }].map((metadata) => isHeldForCleanup(draft(metadata)))).toEqual([true, false]);
});

it('has the finalizer and says that it goes, beside what others say', () => {
  const established = { type: 'Established', status: 'True' };
  expect(after(draft({ deletionTimestamp, finalizers: ['example.com/a'] }, [established]))).toEqual([
    ['example.com/a', CLEANUP],
    [established, pending],
  ]);
  expect(after(draft({ deletionTimestamp, finalizers: [CLEANUP] }))).toEqual([[CLEANUP], [pending]]);
});

it('deleted again it stays as far as it is', () => {
  const done = terminating('InstanceDeletionInProgress', 'CustomResource deletion is in progress');
  expect(after(draft({ deletionTimestamp }, [done]))).toEqual([undefined, [done]]);
});
