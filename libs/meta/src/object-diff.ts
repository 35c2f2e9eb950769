import type { KubeObject, ManagedFieldsEntry } from './object.ts';
import type { Steps } from './steps.ts';
import { deepEqual } from './value.ts';
import { equalInSteps } from './value-in-steps.ts';

/**
 * Do both say the same, so that writing `b` over `a` would write nothing? The time of managed fields does not count, nor does the resource
 * version: neither is a change by itself.
 */
export function sameObject(a: KubeObject, b: KubeObject): boolean {
  if (!sameMetadata(a.metadata, b.metadata)) return false;
  return deepEqual({ ...a, metadata: undefined }, { ...b, metadata: undefined });
}

/** The same in short steps. */
export const sameObjectInSteps = (a: KubeObject, b: KubeObject): Steps<boolean> =>
  equalInSteps(withoutTimes(a), withoutTimes(b));

function withoutTimes({ metadata, ...rest }: KubeObject): object {
  const managedFields = (metadata.managedFields ?? []).map((entry) => ({ ...entry, time: undefined }));
  return { ...rest, metadata: { ...metadata, resourceVersion: undefined, managedFields } };
}

function sameMetadata(a: KubeObject['metadata'], b: KubeObject['metadata']): boolean {
  const bare = { managedFields: undefined, resourceVersion: undefined };
  return (
    deepEqual({ ...a, ...bare }, { ...b, ...bare }) && sameManagedFields(a.managedFields ?? [], b.managedFields ?? [])
  );
}

function sameManagedFields(a: readonly ManagedFieldsEntry[], b: readonly ManagedFieldsEntry[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((entry, i) => deepEqual({ ...entry, time: undefined }, { ...b[i], time: undefined }));
}

/** Did anything but metadata change, and the status but `withStatus`? Then `metadata.generation` rises. */
export function specChanged(old: KubeObject, next: KubeObject, withStatus = false): boolean {
  const bare = {
    apiVersion: undefined,
    kind: undefined,
    metadata: undefined,
    ...(!withStatus && { status: undefined }),
  };
  return !deepEqual({ ...old, ...bare }, { ...next, ...bare });
}
