import type { ResourceDefinition } from '@kubernest/definitions';
import { type FieldError, fieldForbidden, type KubeObject, metadataFaults, type ObjectMeta } from '@kubernest/meta';

/** Everything wrong with an object's metadata, part by part. */
export const validateMeta = (
  {
    nameFormat = 'subdomain',
    namespaced,
    customSchema,
    freeFinalizers = customSchema !== undefined,
  }: ResourceDefinition,
  meta: ObjectMeta,
): Generator<readonly FieldError[]> =>
  metadataFaults(meta, { field: 'metadata', nameRule: nameFormat, namespaced, freeFinalizers });

/** Faults of a change of metadata. */
export function validateMetaUpdate(next: KubeObject, old: KubeObject): FieldError[] {
  if (!old.metadata.deletionTimestamp) return [];
  const before = new Set(old.metadata.finalizers ?? []);
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer));
  if (added.length === 0) return [];
  const found = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  return [
    fieldForbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`,
    ),
  ];
}

const NAME_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789';
const RANDOM_LENGTH = 5;
const MAX_GENERATED = 63 - RANDOM_LENGTH;

/** A name that begins as asked and is hardly ever taken. */
export function generateName(base: string): string {
  let name = base.slice(0, MAX_GENERATED);
  for (const byte of crypto.getRandomValues(new Uint8Array(RANDOM_LENGTH)))
    name += NAME_CHARACTERS[byte % NAME_CHARACTERS.length];
  return name;
}
