import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ClusterRole } from '../../types.ts';
import { roleColumns } from '../types/rbac.columns.ts';
import { validateClusterRole } from '../types/rule.validation.ts';

export const clusterRoleResource = define<ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  schema: apiSchema('rbac/v1', 'ClusterRole'),
  verbs: allVerbs,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  nameFormat: 'pathSegment',
  validate: validateClusterRole,
  columns: roleColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.test/reader': 'true' } }] },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  },
});
