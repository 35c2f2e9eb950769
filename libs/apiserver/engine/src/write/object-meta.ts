import type { ResourceDefinition } from '@kubernest/kinds';
import {
  type FieldError,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  type KubeObject,
  type ObjectMeta,
  type OwnerReference,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabelValue,
  validatePathSegment,
  validateQualifiedName,
} from '@kubernest/meta';

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

const nameRules = {
  subdomain: validateDns1123Subdomain,
  label: validateDns1123Label,
  pathSegment: validatePathSegment,
} as const;

/** Everything wrong with an object's metadata, whatever its kind. */
export function validateMeta(definition: ResourceDefinition, meta: ObjectMeta): FieldError[] {
  const faults: FieldError[] = [];
  validateNames(definition, meta, faults);
  for (const [key, value] of Object.entries(meta.labels ?? {})) {
    for (const why of validateQualifiedName(key)) faults.push(fieldInvalid('metadata.labels', key, why));
    for (const why of validateLabelValue(value)) faults.push(fieldInvalid('metadata.labels', value, why));
  }
  validateAnnotations(meta, faults);
  validateOwners(meta.ownerReferences ?? [], faults);
  for (const finalizer of meta.finalizers ?? []) {
    for (const why of validateQualifiedName(finalizer))
      faults.push(fieldInvalid('metadata.finalizers', finalizer, why));
  }
  return faults;
}

function validateNames(
  { nameFormat = 'subdomain', namespaced }: ResourceDefinition,
  meta: ObjectMeta,
  faults: FieldError[],
): void {
  const rule = nameRules[nameFormat];
  if (!meta.name) faults.push(fieldRequired('metadata.name', 'name or generateName is required'));
  else for (const why of rule(meta.name)) faults.push(fieldInvalid('metadata.name', meta.name, why));
  if (!namespaced) {
    if (meta.namespace) faults.push(fieldForbidden('metadata.namespace', 'not allowed on this type'));
  } else if (!meta.namespace) faults.push(fieldRequired('metadata.namespace'));
  else
    for (const why of validateDns1123Label(meta.namespace))
      faults.push(fieldInvalid('metadata.namespace', meta.namespace, why));
}

function validateAnnotations(meta: ObjectMeta, faults: FieldError[]): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(meta.annotations ?? {})) {
    for (const why of validateQualifiedName(key.toLowerCase()))
      faults.push(fieldInvalid('metadata.annotations', key, why));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (bytes > MAX_ANNOTATIONS_BYTES) {
    const detail = `may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`;
    faults.push({ type: 'FieldValueTooLong', field: 'metadata.annotations', detail });
  }
}

function validateOwners(owners: readonly OwnerReference[], faults: FieldError[]): void {
  owners.forEach((owner, index) => {
    const at = `metadata.ownerReferences[${index}]`;
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const) {
      if (!owner[field]) faults.push(fieldInvalid(`${at}.${field}`, owner[field] ?? '', `${field} must not be empty`));
    }
  });
  const controllers = owners.filter((owner) => owner.controller);
  if (controllers.length > 1) {
    const names = controllers.map((owner) => owner.kind).join(' and ');
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    faults.push(
      fieldInvalid(
        'metadata.ownerReferences',
        controllers.map((owner) => owner.name),
        why,
      ),
    );
  }
}

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
