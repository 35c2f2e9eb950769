import type { BindingSubject } from '../rbac-objects.ts';
import type { DefaultBinding } from './bindings.ts';
import { rule } from './rules.ts';
import type { DefaultRole } from './user-roles.ts';

type InNamespace<T> = T & { readonly namespace: string };

const user = (name: string): BindingSubject => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });

const locks = (lease: string) => [
  rule('watch', '', 'configmaps'),
  rule('get update', '', 'configmaps', [lease]),
  rule('get list update watch', 'coordination.k8s.io', 'leases', [lease]),
];

/** Roles that hold in one namespace of the system. */
export const namespacedRoles: readonly InNamespace<DefaultRole>[] = [
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    rules: [rule('get list watch', '', 'configmaps', ['extension-apiserver-authentication'])],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    rules: locks('kube-controller-manager'),
  },
  { namespace: 'kube-system', name: 'system::leader-locking-kube-scheduler', rules: locks('kube-scheduler') },
];

const bound = (role: string, ...subjects: readonly BindingSubject[]): InNamespace<DefaultBinding> => ({
  namespace: 'kube-system',
  name: role,
  role,
  subjects,
});

export const namespacedBindings: readonly InNamespace<DefaultBinding>[] = [
  {
    ...bound(
      'extension-apiserver-authentication-reader',
      user('system:kube-controller-manager'),
      user('system:kube-scheduler'),
    ),
    name: 'system::extension-apiserver-authentication-reader',
  },
  bound('system::leader-locking-kube-controller-manager', user('system:kube-controller-manager')),
  bound('system::leader-locking-kube-scheduler', user('system:kube-scheduler')),
];
