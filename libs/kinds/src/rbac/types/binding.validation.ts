import type { Subject } from '@kubernest/api-types/rbac/v1';
import { oneOf, optionalForm, requiredForm } from '@kubernest/definitions';
import {
  deepEqual,
  type FieldError,
  fieldInvalid,
  fieldRequired,
  validateDns1123Subdomain,
  validatePathSegment,
} from '@kubernest/meta';
import type { RoleBinding } from '../../types.ts';

type Binding = Pick<RoleBinding, 'roleRef' | 'subjects'>;

export const rbacGroup = 'rbac.authorization.k8s.io';

export const validateRoleBinding = (binding: Binding): FieldError[] =>
  validateBinding(binding, ['Role', 'ClusterRole']);
export const validateClusterRoleBinding = (binding: Binding): FieldError[] => [
  ...validateBinding(binding, ['ClusterRole']),
  ...(binding.subjects ?? []).flatMap(({ kind, namespace }, i) =>
    kind === 'ServiceAccount' && !namespace ? [fieldRequired(`subjects[${i}].namespace`)] : [],
  ),
];

function validateBinding({ roleRef, subjects = [] }: Binding, roles: readonly string[]): FieldError[] {
  return [
    ...oneOf('roleRef.apiGroup', roleRef?.apiGroup, [rbacGroup]),
    ...oneOf('roleRef.kind', roleRef?.kind, roles),
    ...requiredForm('roleRef.name', roleRef?.name, validatePathSegment),
    ...subjects.flatMap((subject, i) => validateSubject(subject, `subjects[${i}]`)),
  ];
}

function validateSubject({ kind, name, apiGroup = '' }: Subject, path: string): FieldError[] {
  const faults = name ? [] : [fieldRequired(`${path}.name`)];
  if (kind === 'ServiceAccount') {
    faults.push(...optionalForm(`${path}.name`, name || undefined, validateDns1123Subdomain));
    return [...faults, ...oneOf(`${path}.apiGroup`, apiGroup, [''])];
  }
  if (kind === 'User' || kind === 'Group') return [...faults, ...oneOf(`${path}.apiGroup`, apiGroup, [rbacGroup])];
  return [...faults, ...oneOf(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
}

/** A binding is to one role for good: delete it and make another. */
export const validateBindingUpdate = ({ roleRef }: Binding, old: Binding): FieldError[] =>
  deepEqual(roleRef, old.roleRef) ? [] : [fieldInvalid('roleRef', roleRef, 'cannot change roleRef')];
