import { type FieldError, fieldInvalid, validateQualifiedName } from '@kubernest/meta';
import { invalidFor } from '../../faults.ts';
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
