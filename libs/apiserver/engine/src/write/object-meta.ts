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

/** Nobody reads more, and each is told twice. */
export const MOST_FAULTS = 500;
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

const nameRules = {
  subdomain: validateDns1123Subdomain,
  label: validateDns1123Label,
  pathSegment: validatePathSegment,
} as const;

/** Everything wrong with an object's metadata, whatever its kind, part by part. */
export function* validateMeta(definition: ResourceDefinition, meta: ObjectMeta): Generator<readonly FieldError[]> {
  yield validateNames(definition, meta);
  for (const part of partsOf(Object.keys(meta.labels ?? {}))) yield validateLabels(part, meta.labels!);
  const annotations = Object.keys(meta.annotations ?? {});
  for (const part of partsOf(annotations)) yield validateAnnotations(part);
  yield validateAnnotationsSize(annotations, meta.annotations ?? {});
  yield validateOwners(meta.ownerReferences ?? []);
  const finalizers = meta.finalizers ?? [];
  for (const part of partsOf(finalizers)) yield validateFinalizers(part);
  yield validateFinalizersTogether(finalizers);
  // compat: objects of CRDs may keep finalizers that name no domain.
  if (!definition.declared) for (const part of partsOf(finalizers)) yield validateDomains(part);
}

const ENTRIES_A_PART = 2048;

interface Part<T> {
  readonly part: readonly T[];
  /** The place of its first among all. */
  readonly from: number;
}

/** Of very many entries each part is looked through by itself, so that others get their turn between them. */
function partsOf<T>(entries: readonly T[]): readonly Part<T>[] {
  if (entries.length <= ENTRIES_A_PART) return entries.length === 0 ? [] : [{ part: entries, from: 0 }];
  return Array.from({ length: Math.ceil(entries.length / ENTRIES_A_PART) }, (_, i) => {
    const from = i * ENTRIES_A_PART;
    return { part: entries.slice(from, from + ENTRIES_A_PART), from };
  });
}

function validateLabels({ part }: Part<string>, labels: Record<string, string>): FieldError[] {
  const faults: FieldError[] = [];
  for (const key of part) {
    const value = labels[key]!;
    if (faults.length >= MOST_FAULTS) break;
    for (const why of validateQualifiedName(key)) faults.push(fieldInvalid('metadata.labels', key, why));
    for (const why of validateLabelValue(value)) faults.push(fieldInvalid('metadata.labels', value, why));
  }
  return faults;
}

function validateNames({ nameFormat = 'subdomain', namespaced }: ResourceDefinition, meta: ObjectMeta): FieldError[] {
  const faults: FieldError[] = [];
  const rule = nameRules[nameFormat];
  for (const why of meta.generateName ? rule(withoutLastDash(meta.generateName)) : [])
    faults.push(fieldInvalid('metadata.generateName', meta.generateName, why));
  if (!meta.name) faults.push(fieldRequired('metadata.name', 'name or generateName is required'));
  else for (const why of rule(meta.name)) faults.push(fieldInvalid('metadata.name', meta.name, why));
  if (!namespaced) {
    if (meta.namespace) faults.push(fieldForbidden('metadata.namespace', 'not allowed on this type'));
  } else if (!meta.namespace) faults.push(fieldRequired('metadata.namespace'));
  else
    for (const why of validateDns1123Label(meta.namespace))
      faults.push(fieldInvalid('metadata.namespace', meta.namespace, why));
  return faults;
}

/** A name that is to be generated may end in a dash, as it goes on. */
const withoutLastDash = (base: string): string => base.replace(/.-$/, 'a');

function validateAnnotations({ part }: Part<string>): FieldError[] {
  const faults: FieldError[] = [];
  for (const key of part) {
    if (faults.length >= MOST_FAULTS) break;
    for (const why of validateQualifiedName(key.toLowerCase()))
      faults.push(fieldInvalid('metadata.annotations', key, why));
  }
  return faults;
}

function validateAnnotationsSize(keys: readonly string[], values: Record<string, string>): FieldError[] {
  let bytes = 0;
  for (const key of keys) bytes += Buffer.byteLength(key) + Buffer.byteLength(values[key]!);
  if (bytes <= MAX_ANNOTATIONS_BYTES) return [];
  const detail = `may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`;
  return [{ type: 'FieldValueTooLong', field: 'metadata.annotations', detail }];
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

const finalizersField = 'metadata.finalizers';

function validateFinalizers({ part }: Part<string>): FieldError[] {
  const faults: FieldError[] = [];
  for (const finalizer of part) {
    if (faults.length >= MOST_FAULTS) return faults;
    for (const why of validateQualifiedName(finalizer)) faults.push(fieldInvalid(finalizersField, finalizer, why));
  }
  return faults;
}

function validateFinalizersTogether(all: readonly string[]): FieldError[] {
  if (!all.includes('orphan') || !all.includes('foregroundDeletion')) return [];
  return [fieldInvalid(finalizersField, all, 'finalizer orphan and foregroundDeletion cannot be both set')];
}

function validateDomains({ part, from }: Part<string>): FieldError[] {
  const faults: FieldError[] = [];
  for (const [index, finalizer] of part.entries()) {
    if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) continue;
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    faults.push(fieldInvalid(`${finalizersField}[${from + index}]`, finalizer, why));
  }
  return faults;
}

/** compat: which of the owners is at fault is not told. */
function validateOwners(owners: readonly OwnerReference[]): FieldError[] {
  const faults: FieldError[] = [];
  const field = 'metadata.ownerReferences';
  let controller: string | undefined;
  let several = false;
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '' } = owner;
    if (!/^([^/]+\/)?[^/]+$/.test(apiVersion))
      faults.push(fieldInvalid(`${field}.apiVersion`, apiVersion, 'version must not be empty'));
    for (const part of ['kind', 'name', 'uid'] as const)
      if (!owner[part]) faults.push(fieldInvalid(`${field}.${part}`, '', 'must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event')
      faults.push(fieldInvalid(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (!owner.controller) continue;
    const both = `${controller} and ${kind}/${name}`;
    // Said once: each time it shows all owners.
    if (controller !== undefined && !several) {
      several = true;
      faults.push(
        fieldInvalid(
          field,
          owners,
          `Only one reference can have Controller set to true. Found "true" in references for ${both}`,
        ),
      );
    }
    controller ??= `${kind}/${name}`;
  }
  return faults;
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
