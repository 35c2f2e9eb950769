import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Role } from '../../types.ts';
import { roleColumns } from '../types/rbac.columns.ts';
import { validateRole } from '../types/rule.validation.ts';

export const roleResource = define<Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  schema: apiSchema('rbac/v1', 'Role'),
  verbs: allVerbs,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  nameFormat: 'pathSegment',
  validate: validateRole,
  columns: roleColumns,
  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'reader', namespace: 'default' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  },
});
