import type { PolicyRule } from '@kubernest/apiserver/contract';
import { describe, expect, it } from 'vitest';
import { uncovered } from '../rule-cover.ts';
import { autoupdateAnnotation, defaultRbacObjects } from './default-objects.ts';

const { roles, bindings } = defaultRbacObjects([
  {
    name: 'web',
    serviceAccount: 'web-controller',
    reconciles: { group: 'apps', version: 'v1', resource: 'webs' },
    watches: [{ ref: { group: '', version: 'v1', resource: 'pods' } }],
    writes: [{ group: '', resource: 'pods', verbs: ['delete', 'create'] }],
  },
]);
const named = (name: string) => {
  const found = roles.find((role) => role.metadata.name === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
};
const rulesOf = (name: string): readonly PolicyRule[] => named(name).rules ?? [];
const key = ({ namespace, name }: { readonly namespace?: string; readonly name?: string }) =>
  namespace ? `${namespace}/${name}` : name;

it('are those of Kubernetes, for everything that is here', () => {
  expect(roles.map((role) => key(role.metadata)).sort()).toEqual([
    'admin',
    'cluster-admin',
    'edit',
    'kube-system/extension-apiserver-authentication-reader',
    'kube-system/system::leader-locking-kube-controller-manager',
    'kube-system/system::leader-locking-kube-scheduler',
    'system:aggregate-to-admin',
    'system:aggregate-to-edit',
    'system:aggregate-to-view',
    'system:auth-delegator',
    'system:basic-user',
    'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    'system:certificates.k8s.io:kube-apiserver-client-approver',
    'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver',
    'system:certificates.k8s.io:kubelet-serving-approver',
    'system:certificates.k8s.io:legacy-unknown-approver',
    'system:controller:web-controller',
    'system:discovery',
    'system:heapster',
    'system:kube-aggregator',
    'system:kube-controller-manager',
    'system:kube-dns',
    'system:kube-scheduler',
    'system:kubelet-api-admin',
    'system:monitoring',
    'system:node',
    'system:node-bootstrapper',
    'system:node-problem-detector',
    'system:node-proxier',
    'system:persistent-volume-provisioner',
    'system:public-info-viewer',
    'system:service-account-issuer-discovery',
    'system:volume-scheduler',
    'view',
  ]);
});

it('are bound to those whom Kubernetes binds them to', () => {
  const subjects = bindings.map(({ metadata, roleRef, subjects: given }) => {
    const names = (given ?? []).map(({ kind, namespace, name }) => `${kind} ${key({ namespace, name })}`);
    return [key(metadata), `${roleRef.kind} ${roleRef.name}`, ...names].join(' | ');
  });
  expect(subjects.sort()).toEqual([
    'cluster-admin | ClusterRole cluster-admin | Group system:masters',
    'kube-system/system::extension-apiserver-authentication-reader | Role extension-apiserver-authentication-reader | User system:kube-controller-manager | User system:kube-scheduler',
    'kube-system/system::leader-locking-kube-controller-manager | Role system::leader-locking-kube-controller-manager | User system:kube-controller-manager',
    'kube-system/system::leader-locking-kube-scheduler | Role system::leader-locking-kube-scheduler | User system:kube-scheduler',
    'system:basic-user | ClusterRole system:basic-user | Group system:authenticated',
    'system:controller:web-controller | ClusterRole system:controller:web-controller | ServiceAccount kube-system/web-controller',
    'system:discovery | ClusterRole system:discovery | Group system:authenticated',
    'system:kube-controller-manager | ClusterRole system:kube-controller-manager | User system:kube-controller-manager',
    'system:kube-dns | ClusterRole system:kube-dns | ServiceAccount kube-system/kube-dns',
    'system:kube-scheduler | ClusterRole system:kube-scheduler | User system:kube-scheduler',
    'system:kubelet-api-admin | ClusterRole system:kubelet-api-admin | User kube-apiserver-kubelet-client',
    'system:monitoring | ClusterRole system:monitoring | Group system:monitoring',
    'system:node | ClusterRole system:node',
    'system:node-proxier | ClusterRole system:node-proxier | User system:kube-proxy',
    'system:public-info-viewer | ClusterRole system:public-info-viewer | Group system:authenticated | Group system:unauthenticated',
    'system:service-account-issuer-discovery | ClusterRole system:service-account-issuer-discovery | Group system:serviceaccounts',
    'system:volume-scheduler | ClusterRole system:volume-scheduler | User system:kube-scheduler',
  ]);
});

it('carry the marks by which a later version finds them again', () => {
  for (const { metadata } of [...roles, ...bindings]) {
    expect(metadata.annotations, metadata.name).toEqual({ [autoupdateAnnotation]: 'true' });
    expect(metadata.labels, metadata.name).toMatchObject({ 'kubernetes.io/bootstrapping': 'rbac-defaults' });
  }
});

it('write their rules in order', () => {
  for (const { metadata, rules } of roles) {
    for (const list of (rules ?? []).flatMap((rule) => Object.values(rule) as string[][])) {
      expect([...list].sort(), metadata.name).toEqual(list);
    }
  }
});

describe('what people give to people', () => {
  it.each([
    ['admin', 'admin', []],
    ['edit', 'edit', ['admin']],
    ['view', 'view', ['edit']],
    ['system:aggregate-to-admin', undefined, ['admin']],
    ['system:aggregate-to-edit', undefined, ['edit']],
    ['system:aggregate-to-view', undefined, ['view']],
  ])('%s gathers what is marked for %s and is marked for %j', (name, gathers, markedFor) => {
    const mark = (role: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' });
    const { aggregationRule, metadata } = named(name);
    expect(aggregationRule).toEqual(gathers && { clusterRoleSelectors: [{ matchLabels: mark(gathers) }] });
    const marks = Object.keys(metadata.labels ?? {}).filter((label) => label.includes('aggregate-to-'));
    expect(marks).toEqual(markedFor.flatMap((role) => Object.keys(mark(role))));
  });

  const may = (role: string, verb: string, group: string, resource: string) =>
    uncovered(rulesOf(role), [{ verbs: [verb], apiGroups: [group], resources: [resource] }]).length === 0;
  it.each([
    ['view', 'get', '', 'pods', true],
    ['view', 'list', '', 'pods/log', true],
    ['view', 'get', '', 'secrets', false],
    ['view', 'get', '', 'pods/exec', false],
    ['view', 'create', '', 'pods', false],
    ['view', 'get', 'rbac.authorization.k8s.io', 'roles', false],
    ['view', 'get', '', 'nodes', false],
    ['edit', 'get', '', 'secrets', true],
    ['edit', 'create', '', 'pods/exec', true],
    ['edit', 'create', '', 'serviceaccounts/token', true],
    ['edit', 'impersonate', '', 'serviceaccounts', true],
    ['edit', 'update', 'coordination.k8s.io', 'leases', true],
    ['edit', 'update', '', 'endpoints', false],
    ['edit', 'update', 'discovery.k8s.io', 'endpointslices', false],
    ['edit', 'update', '', 'pods/status', false],
    ['edit', 'update', '', 'resourcequotas', false],
    ['edit', 'create', 'rbac.authorization.k8s.io', 'rolebindings', false],
    ['admin', 'create', 'rbac.authorization.k8s.io', 'rolebindings', true],
    ['admin', 'create', 'authorization.k8s.io', 'localsubjectaccessreviews', true],
    ['admin', 'bind', 'rbac.authorization.k8s.io', 'roles', false],
    ['admin', 'escalate', 'rbac.authorization.k8s.io', 'roles', false],
  ])('%s may %s %s/%s: %s', (role, verb, group, resource, allowed) => {
    expect(may(`system:aggregate-to-${role}`, verb, group, resource)).toBe(allowed);
  });
});

it('of controllers are what they declare', () => {
  expect(rulesOf('system:controller:web-controller')).toEqual([
    { verbs: ['create', 'delete', 'get', 'list', 'watch'], apiGroups: [''], resources: ['pods'] },
    { verbs: ['get', 'list', 'watch'], apiGroups: ['apps'], resources: ['webs'] },
    { verbs: ['create', 'patch', 'update'], apiGroups: ['', 'events.k8s.io'], resources: ['events'] },
  ]);
});
