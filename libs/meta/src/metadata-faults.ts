import { fieldForbidden, fieldInvalid, fieldRequired } from './field-error.ts';
import {
  validateDns1123Label,
  validateDns1123Subdomain,
  validateLabelValue,
  validatePathSegment,
  validateQualifiedName,
} from './names.ts';
import type { ObjectMeta, OwnerReference } from './object.ts';
import type { FieldError } from './status-error.ts';

/** Nobody reads more, and each is told twice. */
export const MOST_FAULTS = 500;
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

const nameRules = {
  subdomain: validateDns1123Subdomain,
  label: validateDns1123Label,
  pathSegment: validatePathSegment,
} as const;

export interface MetadataRules {
  /** Where the metadata stands: `metadata`, `spec.template.metadata`. */
  readonly field: string;
  readonly nameRule: keyof typeof nameRules;
  readonly namespaced: boolean;
  /** compat: objects of CRDs may keep finalizers that name no domain. */
  readonly freeFinalizers?: boolean;
}

/** Everything wrong with an object's metadata, whatever its kind, part by part. */
export function* metadataFaults(meta: ObjectMeta, rules: MetadataRules): Generator<readonly FieldError[]> {
  const { field } = rules;
  yield validateNames(rules, meta);
  yield* labelFaults(meta.labels ?? {}, `${field}.labels`);
  yield* annotationFaults(meta.annotations ?? {}, `${field}.annotations`);
  yield validateOwners(meta.ownerReferences ?? [], `${field}.ownerReferences`);
  const finalizers = meta.finalizers ?? [];
  for (const part of partsOf(finalizers)) yield validateFinalizers(part, `${field}.finalizers`);
  yield validateFinalizersTogether(finalizers, `${field}.finalizers`);
  if (rules.freeFinalizers) return;
  for (const part of partsOf(finalizers)) yield validateDomains(part, `${field}.finalizers`);
}

export function* labelFaults(
  labels: Readonly<Record<string, string>>,
  field: string,
): Generator<readonly FieldError[]> {
  const keys = Object.keys(labels);
  // Of very many to list them is long enough.
  yield [];
  for (const part of partsOf(keys)) yield validateLabels(part, labels, field);
}

export function* annotationFaults(
  annotations: Readonly<Record<string, string>>,
  field: string,
): Generator<readonly FieldError[]> {
  let bytes = 0;
  const keys = Object.keys(annotations);
  yield [];
  for (const part of partsOf(keys)) {
    bytes += annotationBytes(part, annotations);
    yield validateAnnotations(part, field);
  }
  yield validateAnnotationsSize(bytes, field);
}

const ENTRIES_A_PART = 512;

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

function validateLabels({ part }: Part<string>, labels: Readonly<Record<string, string>>, field: string): FieldError[] {
  const faults: FieldError[] = [];
  for (const key of part) {
    const value = labels[key]!;
    if (faults.length >= MOST_FAULTS) break;
    for (const why of validateQualifiedName(key)) faults.push(fieldInvalid(field, key, why));
    for (const why of validateLabelValue(value)) faults.push(fieldInvalid(field, value, why));
  }
  return faults;
}

function validateNames({ field, nameRule, namespaced }: MetadataRules, meta: ObjectMeta): FieldError[] {
  const faults: FieldError[] = [];
  const rule = nameRules[nameRule];
  for (const why of meta.generateName ? rule(withoutLastDash(meta.generateName)) : [])
    faults.push(fieldInvalid(`${field}.generateName`, meta.generateName, why));
  if (!meta.name) faults.push(fieldRequired(`${field}.name`, 'name or generateName is required'));
  else for (const why of rule(meta.name)) faults.push(fieldInvalid(`${field}.name`, meta.name, why));
  if (!namespaced) {
    if (meta.namespace) faults.push(fieldForbidden(`${field}.namespace`, 'not allowed on this type'));
  } else if (!meta.namespace) faults.push(fieldRequired(`${field}.namespace`));
  else
    for (const why of validateDns1123Label(meta.namespace))
      faults.push(fieldInvalid(`${field}.namespace`, meta.namespace, why));
  return faults;
}

/** A name that is to be generated may end in a dash, as it goes on. */
const withoutLastDash = (base: string): string => base.replace(/.-$/, 'a');

function validateAnnotations({ part }: Part<string>, field: string): FieldError[] {
  const faults: FieldError[] = [];
  for (const key of part) {
    if (faults.length >= MOST_FAULTS) break;
    for (const why of validateQualifiedName(key.toLowerCase())) faults.push(fieldInvalid(field, key, why));
  }
  return faults;
}

function annotationBytes({ part }: Part<string>, annotations: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const key of part) bytes += Buffer.byteLength(key) + Buffer.byteLength(annotations[key]!);
  return bytes;
}

function validateAnnotationsSize(bytes: number, field: string): FieldError[] {
  if (bytes <= MAX_ANNOTATIONS_BYTES) return [];
  const detail = `may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`;
  return [{ type: 'FieldValueTooLong', field, detail }];
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

function validateFinalizers({ part }: Part<string>, field: string): FieldError[] {
  const faults: FieldError[] = [];
  for (const finalizer of part) {
    if (faults.length >= MOST_FAULTS) return faults;
    for (const why of validateQualifiedName(finalizer)) faults.push(fieldInvalid(field, finalizer, why));
  }
  return faults;
}

function validateFinalizersTogether(all: readonly string[], field: string): FieldError[] {
  if (!all.includes('orphan') || !all.includes('foregroundDeletion')) return [];
  return [fieldInvalid(field, all, 'finalizer orphan and foregroundDeletion cannot be both set')];
}

function validateDomains({ part, from }: Part<string>, field: string): FieldError[] {
  const faults: FieldError[] = [];
  for (const [index, finalizer] of part.entries()) {
    if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) continue;
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    faults.push(fieldInvalid(`${field}[${from + index}]`, finalizer, why));
  }
  return faults;
}

/** compat: which of the owners is at fault is not told. */
function validateOwners(owners: readonly OwnerReference[], field: string): FieldError[] {
  const faults: FieldError[] = [];
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
