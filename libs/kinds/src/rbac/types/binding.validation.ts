import { deepEqual, type FieldError, fieldInvalid, fieldRequired } from '@kubernest/meta';
import type { RoleBinding } from '../../types.ts';

type Binding = Pick<RoleBinding, 'roleRef' | 'subjects'>;

export function validateBinding({ roleRef, subjects = [] }: Binding): FieldError[] {
  const faults = roleRef?.name ? [] : [fieldRequired('roleRef.name')];
  for (const [i, { name, kind, namespace }] of subjects.entries()) {
    if (!name) faults.push(fieldRequired(`subjects[${i}].name`));
    if (kind === 'ServiceAccount' && !namespace) faults.push(fieldRequired(`subjects[${i}].namespace`));
  }
  return faults;
}

/** A binding is to one role for good: delete it and make another. */
export const validateBindingUpdate = ({ roleRef }: Binding, old: Binding): FieldError[] =>
  deepEqual(roleRef, old.roleRef) ? [] : [fieldInvalid('roleRef', roleRef, 'cannot change roleRef')];
