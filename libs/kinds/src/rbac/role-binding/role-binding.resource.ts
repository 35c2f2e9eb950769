import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { RoleBinding } from '../../types.ts';
import { bindingDefaults } from '../types/binding.defaults.ts';
import { validateBindingUpdate, validateRoleBinding } from '../types/binding.validation.ts';
import { bindingColumns } from '../types/rbac.columns.ts';

export const roleBindingResource = define<RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  schema: apiSchema('rbac/v1', 'RoleBinding'),
  verbs: allVerbs,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  nameFormat: 'pathSegment',
  defaults: bindingDefaults,
  validate: validateRoleBinding,
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'readers', namespace: 'default' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada' },
      { kind: 'ServiceAccount', namespace: 'default', name: 'builder' },
    ],
  },
});
