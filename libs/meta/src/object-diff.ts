import type { KubeObject, ManagedFieldsEntry } from './object.ts';
import { Rests, type Steps } from './steps.ts';
import { deepEqual, ownValue } from './value.ts';
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
export function* sameObjectInSteps(a: KubeObject, b: KubeObject): Steps<boolean> {
  if (!(yield* equalInSteps(withoutTimes(a.metadata), withoutTimes(b.metadata)))) return false;
  return yield* sameFields(a as unknown as Fields, b as unknown as Fields);
}

function withoutTimes(metadata: KubeObject['metadata']): object {
  const managedFields = (metadata.managedFields ?? []).map((entry) => ({ ...entry, time: undefined }));
  return { ...metadata, resourceVersion: undefined, managedFields };
}

type Fields = Readonly<Record<string, unknown>>;

/** But for the metadata. Without copies, which of a very wide object take long and cannot be paused. */
function* sameFields(a: Fields, b: Fields): Steps<boolean> {
  const rests = new Rests();
  for (const key of Object.keys(a)) {
    if (rests.isDue()) yield;
    if (key === 'metadata') continue;
    const [one, other] = [a[key], ownValue(b, key)];
    if (one !== other && !(yield* equalInSteps(one, other))) return false;
  }
  for (const key of Object.keys(b)) {
    if (rests.isDue()) yield;
    if (key !== 'metadata' && b[key] !== undefined && !Object.hasOwn(a, key)) return false;
  }
  return true;
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
