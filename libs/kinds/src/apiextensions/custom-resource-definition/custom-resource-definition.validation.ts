import { immutable, type ValidationContext } from '@kubernest/definitions';
import { deepEqual, type FieldError, fieldInvalid } from '@kubernest/meta';
import { validateApproval } from './api-approval.validation.ts';
import type { SentDefinition, Spec } from './definition-parts.ts';
import { isEstablished, type Leniency, leniencyTowards, towardsNew } from './leniency.ts';
import { validateNames } from './names.validation.ts';
import { validateSpec } from './spec.validation.ts';
import { validateStoredVersions } from './stored-versions.validation.ts';

/** All rules of a new definition; those of a change look at what was before as well. */
export function validateDefinition(crd: SentDefinition, { subresource, old }: ValidationContext): FieldError[] {
  if (subresource === 'status') return validateStatus(crd);
  if (old) return [];
  return [
    ...validateName(crd),
    ...validateSpec(crd.spec ?? {}, towardsNew),
    ...validateStatus(crd),
    ...validateStored(crd),
    ...validateApproval(crd),
    ...validatePreservation(crd),
  ];
}

export function validateDefinitionChange(
  crd: SentDefinition,
  old: SentDefinition,
  { subresource }: ValidationContext,
): FieldError[] {
  if (subresource === 'status') return [];
  // What would do as a new one does whatever was before.
  const isFine = changeFaults(crd, old, {}).length === 0;
  return isFine ? [] : changeFaults(crd, old, leniencyTowards(crd, old));
}

function changeFaults(crd: SentDefinition, old: SentDefinition, leniency: Leniency): FieldError[] {
  return [
    ...validateSpec(crd.spec ?? {}, leniency),
    ...changedFields(crd.spec ?? {}, old.spec ?? {}, isEstablished(old)),
    ...validateStatus(crd),
    ...validateStored(crd),
    ...validateApproval(crd, old),
    ...validatePreservation(crd, old),
  ];
}

const nameWords = 'must be spec.names.plural+"."+spec.group';

/** compat: a name that is made up never does, and is told of as well. */
function validateName({ metadata, spec }: SentDefinition): FieldError[] {
  const wanted = `${spec?.names?.plural ?? ''}.${spec?.group ?? ''}`;
  return (['generateName', 'name'] as const)
    .filter((field) => metadata[field] && metadata[field] !== wanted)
    .map((field) => fieldInvalid(`metadata.${field}`, metadata[field], nameWords));
}

const validateStatus = ({ status }: SentDefinition): FieldError[] =>
  validateNames(status?.acceptedNames ?? {}, 'status.acceptedNames');

const validateStored = ({ spec, status }: SentDefinition): FieldError[] =>
  validateStoredVersions(status?.storedVersions ?? [], spec?.versions ?? [], 'status.storedVersions');

/** Objects are stored by scope and kind once there may be some; the name says group and plural from the beginning. */
function changedFields(spec: Spec, old: Spec, established: boolean): FieldError[] {
  const fields: [string, (of: Spec) => unknown][] = [
    ['spec.group', ({ group }) => group],
    ['spec.names.plural', ({ names }) => names?.plural],
  ];
  if (established)
    fields.unshift(['spec.scope', ({ scope }) => scope], ['spec.names.kind', ({ names }) => names?.kind]);
  return fields
    .filter(([, read]) => !deepEqual(read(spec), read(old)))
    .map(([field, read]) => immutable(field, read(spec) ?? ''));
}

function validatePreservation({ spec }: SentDefinition, old?: SentDefinition): FieldError[] {
  if (!spec?.preserveUnknownFields || old?.spec?.preserveUnknownFields) return [];
  const instead = 'set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [fieldInvalid('spec.preserveUnknownFields', true, `cannot set to true, ${instead}`)];
}
