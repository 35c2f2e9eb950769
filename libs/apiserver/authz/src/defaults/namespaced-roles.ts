import type { BindingSubject } from '../rbac-objects.ts';
import type { DefaultBinding } from './bindings.ts';
import { read, rule } from './rules.ts';
import type { DefaultRole } from './user-roles.ts';

type InNamespace<T> = T & { readonly namespace: string };

const user = (name: string): BindingSubject => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });

/** Leader election in one namespace, where whoever leads may use any Lease. */
const locks = [
  rule(`create update ${read}`, 'coordination.k8s.io', 'leases'),
  rule(`create update ${read}`, 'coordination.k8s.io', 'leasecandidates'),
];

/** Roles that hold in one namespace of the system. */
export const namespacedRoles: readonly InNamespace<DefaultRole>[] = [
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    rules: [rule('get list watch', '', 'configmaps', ['extension-apiserver-authentication'])],
  },
  { namespace: 'kube-system', name: 'system::leader-locking-kube-controller-manager', rules: locks },
  { namespace: 'kube-system', name: 'system::leader-locking-kube-scheduler', rules: locks },
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
