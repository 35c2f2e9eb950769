import type { ObjectMeta } from '@kubernest/meta';
import { type BindingObject, type RoleObject, rbacGroup, rbacVersion } from '../rbac-objects.ts';
import { type DefaultBinding, systemBindings } from './bindings.ts';
import { type ControllerDeclaration, controllerRoles } from './controller-roles.ts';
import { namespacedBindings, namespacedRoles } from './namespaced-roles.ts';
import { systemRoles } from './system-roles.ts';
import { type DefaultRole, userRoles } from './user-roles.ts';

export const autoupdateAnnotation = 'rbac.authorization.kubernetes.io/autoupdate';
const bootstrapLabels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const apiVersion = `${rbacGroup}/${rbacVersion}`;

/** All default roles and bindings of a cluster with these controllers, as objects ready to be created. */
export function defaultRbacObjects(controllers: readonly ControllerDeclaration[]): {
  readonly roles: readonly RoleObject[];
  readonly bindings: readonly BindingObject[];
} {
  const made = controllerRoles(controllers);
  return {
    roles: [...systemRoles, ...userRoles, ...made.roles]
      .map((role) => roleObject(role))
      .concat(namespacedRoles.map((role) => roleObject(role, role.namespace))),
    bindings: [...systemBindings, ...made.bindings]
      .map((binding) => bindingObject(binding))
      .concat(namespacedBindings.map((binding) => bindingObject(binding, binding.namespace))),
  };
}

function roleObject(role: DefaultRole, namespace?: string): RoleObject {
  return {
    apiVersion,
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: metadata(role.name, namespace, role.labels),
    ...(role.aggregates ? { aggregationRule: { clusterRoleSelectors: role.aggregates } } : {}),
    rules: role.rules,
  };
}

function bindingObject(binding: DefaultBinding, namespace?: string): BindingObject {
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  return {
    apiVersion,
    kind: `${kind}Binding`,
    metadata: metadata(binding.name, namespace),
    roleRef: { apiGroup: rbacGroup, kind, name: binding.role },
    ...(binding.subjects.length > 0 ? { subjects: binding.subjects } : {}),
  };
}

function metadata(name: string, namespace?: string, labels: Readonly<Record<string, string>> = {}): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { ...bootstrapLabels, ...labels },
    annotations: { [autoupdateAnnotation]: 'true' },
  };
}
