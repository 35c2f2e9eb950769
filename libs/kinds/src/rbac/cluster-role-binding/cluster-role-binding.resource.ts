import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ClusterRoleBinding } from '../../types.ts';
import { bindingDefaults } from '../types/binding.defaults.ts';
import { validateBindingUpdate, validateClusterRoleBinding } from '../types/binding.validation.ts';
import { bindingColumns } from '../types/rbac.columns.ts';

export const clusterRoleBindingResource = define<ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  schema: apiSchema('rbac/v1', 'ClusterRoleBinding'),
  verbs: allVerbs,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  nameFormat: 'pathSegment',
  defaults: bindingDefaults,
  validate: validateClusterRoleBinding,
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'readers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada' },
      { kind: 'ServiceAccount', namespace: 'default', name: 'builder' },
    ],
  },
});
