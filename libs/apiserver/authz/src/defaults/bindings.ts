import type { BindingSubject } from '../rbac-objects.ts';

export interface DefaultBinding {
  readonly name: string;
  readonly role: string;
  readonly subjects: readonly BindingSubject[];
}

const apiGroup = 'rbac.authorization.k8s.io';
const group = (name: string): BindingSubject => ({ kind: 'Group', apiGroup, name });
const user = (name: string): BindingSubject => ({ kind: 'User', apiGroup, name });
const systemAccount = (name: string): BindingSubject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

const bind = (role: string, ...subjects: readonly BindingSubject[]): DefaultBinding => ({ name: role, role, subjects });

const everyone = [group('system:authenticated'), group('system:unauthenticated')];

export const systemBindings: readonly DefaultBinding[] = [
  bind('cluster-admin', group('system:masters')),
  bind('system:discovery', group('system:authenticated')),
  bind('system:basic-user', group('system:authenticated')),
  bind('system:public-info-viewer', ...everyone),
  bind('system:service-account-issuer-discovery', group('system:serviceaccounts')),
  bind('system:monitoring', group('system:monitoring')),
  bind('system:node-proxier', user('system:kube-proxy')),
  bind('system:kube-controller-manager', user('system:kube-controller-manager')),
  // How the API server presents itself to kubelets.
  bind('system:kubelet-api-admin', user('kube-apiserver-kubelet-client')),
  bind('system:kube-dns', systemAccount('kube-dns')),
  bind('system:kube-scheduler', user('system:kube-scheduler')),
  bind('system:volume-scheduler', user('system:kube-scheduler')),
  // compat: exists without subjects: kubelets go through the Node authorizer.
  bind('system:node'),
];
