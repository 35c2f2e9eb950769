import { invalidFor, type ValidationContext } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, validateQualifiedName } from '@kubernest/meta';
import type { Namespace } from '../../types.ts';

/** Finalizers that need no domain before them. */
const standard = ['kubernetes', 'orphan', 'foregroundDeletion'];

export const validateNamespace = ({ spec }: Namespace): FieldError[] =>
  (spec?.finalizers ?? []).flatMap((name) => [
    ...invalidFor('spec.finalizers', name, validateQualifiedName(name)),
    ...(name.includes('/') || standard.includes(name)
      ? []
      : [fieldInvalid('spec.finalizers', name, 'name is neither a standard finalizer name nor is it fully qualified')]),
  ]);

/** A namespace is on its way out exactly when its deletion was asked for. */
export function validateNamespaceUpdate(
  { metadata, status }: Namespace,
  _old: Namespace,
  { subresource }: ValidationContext,
): FieldError[] {
  if (subresource !== 'status') return [];
  const [phase, when] = metadata.deletionTimestamp ? ['Terminating', 'not empty'] : ['Active', 'empty'];
  if (status?.phase === phase) return [];
  // compat: the field as Kubernetes writes it.
  return [
    fieldInvalid('status.Phase', status?.phase ?? '', `may only be '${phase}' if \`deletionTimestamp\` is ${when}`),
  ];
}
