import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

const roleRef = { kind: 'Role', name: 'reader' };

describe('roles', () => {
  it.each<[object, string]>([
    [{ rules: [{ ...rule, verbs: [] }] }, 'rules[0].verbs: Required value: verbs must contain at least one value'],
    [
      { rules: [{ verbs: ['get'], resources: ['pods'] }] },
      'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
    ],
    [
      { rules: [{ verbs: ['get'], apiGroups: [''] }] },
      'rules[0].resources: Required value: resource rules must supply at least one resource',
    ],
    [
      { rules: [rule, { nonResourceURLs: ['/x'], verbs: ['get'] }] },
      'rules[1].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
    ],
  ])('%j: %s', (role, fault) => {
    expect(faultsOf('Role', role)).toEqual([fault]);
  });

  it('of the cluster may be about URLs, but not about both, and are gathered by selectors that are there', () => {
    expect(faultsOf('ClusterRole', { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] })).toEqual([]);
    expect(faultsOf('ClusterRole', { rules: [{ ...rule, nonResourceURLs: ['/x'] }] })).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ]);
    expect(faultsOf('ClusterRole', { aggregationRule: {} })).toEqual([
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ]);
    const matchExpressions = [{ key: 'a', operator: 'Near' }];
    expect(faultsOf('ClusterRole', { aggregationRule: { clusterRoleSelectors: [{ matchExpressions }] } })).toEqual([
      'aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
    ]);
  });
});

describe('bindings', () => {
  it.each<[string, object, string[]]>([
    ['RoleBinding', { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a' }] }, []],
    [
      'RoleBinding',
      {},
      ['roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"', 'roleRef.name: Required value'],
    ],
    [
      'RoleBinding',
      { roleRef: { ...roleRef, name: 'a/b' } },
      ['roleRef.name: Invalid value: "a/b": may not contain \'/\''],
    ],
    [
      'RoleBinding',
      { roleRef: { ...roleRef, apiGroup: 'apps' } },
      ['roleRef.apiGroup: Unsupported value: "apps": supported values: "rbac.authorization.k8s.io"'],
    ],
    [
      'RoleBinding',
      { roleRef, subjects: [{ kind: 'Robot', name: '' }] },
      [
        'subjects[0].name: Required value',
        'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
      ],
    ],
    [
      'RoleBinding',
      { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a', apiGroup: 'b' }] },
      ['subjects[0].apiGroup: Unsupported value: "b": supported values: ""'],
    ],
    ['ClusterRoleBinding', { roleRef }, ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"']],
    [
      'ClusterRoleBinding',
      { roleRef: { ...roleRef, kind: 'ClusterRole' }, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
      ['subjects[0].namespace: Required value'],
    ],
  ])('a %s with %j: %j', (kind, object, faults) => {
    expect(faultsOf(kind, object)).toEqual(faults);
  });

  it('are to one role for good', () => {
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(faultsOfChange('RoleBinding', { roleRef }, { roleRef: { ...roleRef, name: 'b' } })).toEqual([
      `roleRef: Invalid value: {"kind":"Role","name":"b","apiGroup":"${apiGroup}"}: cannot change roleRef`,
    ]);
  });
});
