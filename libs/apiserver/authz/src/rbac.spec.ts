import { objects, testContext } from '@kubernest/apiserver/authn/testing';
import type { PolicyRule, UserInfo } from '@kubernest/apiserver/contract';
import { parseRequestInfo } from '@kubernest/apiserver/handlers';
import type { KubeObject } from '@kubernest/meta';
import { beforeEach, describe, expect, it } from 'vitest';
import { rbacAuthorizer } from './rbac.ts';
import { rbacIndex } from './rbac-index.ts';
import type { BindingSubject } from './rbac-objects.ts';

const group = 'rbac.authorization.k8s.io';
const ref = (resource: string) => ({ group, resource });
const role = (name: string, rules: readonly PolicyRule[], namespace?: string) =>
  ({ metadata: { name, namespace }, rules }) as KubeObject;
const binding = (name: string, to: string, subject: Partial<BindingSubject>, namespace?: string) =>
  ({
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind: to.startsWith('local') ? 'Role' : 'ClusterRole', name: to },
    subjects: [{ kind: 'User', ...subject }],
  }) as unknown as KubeObject;

let read: ReturnType<typeof objects>;
let authorizer: ReturnType<typeof rbacAuthorizer>;
beforeEach(() => {
  read = objects();
  authorizer = rbacAuthorizer(rbacIndex(read));
});

async function ask(line: string, user: UserInfo = { username: 'ann', groups: [] }): Promise<string> {
  const [method, url] = line.split(' ') as [string, string];
  const [path, query] = url.split('?') as [string, string | undefined];
  const info = parseRequestInfo({ method, path, query: new URLSearchParams(query) });
  const { verdict, reason } = await authorizer.authorize({ user, info }, testContext());
  return verdict === 'allow' ? 'allow' : reason || verdict;
}

describe('a rule', () => {
  const pods = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
  it.each<[string, PolicyRule, string, boolean]>([
    ['of its verb', pods, 'GET /api/v1/namespaces/a/pods/p', true],
    ['of another verb', pods, 'DELETE /api/v1/namespaces/a/pods/p', false],
    ['of another group', pods, 'GET /apis/metrics.k8s.io/v1/namespaces/a/pods/p', false],
    ['of another resource', pods, 'GET /api/v1/namespaces/a/secrets', false],
    ['does not cover subresources', pods, 'GET /api/v1/namespaces/a/pods/p/log', false],
    ['of a subresource', { ...pods, resources: ['pods/log'] }, 'GET /api/v1/namespaces/a/pods/p/log', true],
    ['of a subresource of anything', { ...pods, resources: ['*/log'] }, 'GET /api/v1/namespaces/a/pods/p/log', true],
    ['of anything', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, 'POST /apis/x.io/v1/xs/x/y', true],
    ['of anything but paths', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, 'GET /metrics', false],
    ['of one name', { ...pods, resourceNames: ['p'] }, 'GET /api/v1/namespaces/a/pods/p', true],
    ['of another name', { ...pods, resourceNames: ['p'] }, 'GET /api/v1/namespaces/a/pods/q', false],
    ['of one name does not list', { ...pods, resourceNames: ['p'] }, 'GET /api/v1/namespaces/a/pods', false],
    [
      'of one name lists that name',
      { ...pods, resourceNames: ['p'] },
      'GET /api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dp',
      true,
    ],
    ['takes no notice of other selectors', pods, 'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn', true],
    ['of a path', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'GET /metrics', true],
    ['of a path, not below it', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'GET /metrics/slis', false],
    ['of paths', { verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, 'GET /healthz/etcd', true],
    ['of paths with another verb', { verbs: ['get'], nonResourceURLs: ['*'] }, 'POST /metrics', false],
  ])('%s', async (_, rule, line, allowed) => {
    read.put(ref('clusterroles'), role('r', [rule]));
    read.put(ref('clusterrolebindings'), binding('b', 'r', { name: 'ann' }));
    expect((await ask(line)) === 'allow').toBe(allowed);
  });
});

describe('a binding', () => {
  const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const ann: UserInfo = { username: 'ann', groups: ['team'] };
  const builder: UserInfo = { username: 'system:serviceaccount:a:builder', groups: [] };
  it.each<[string, Partial<BindingSubject>, UserInfo, boolean]>([
    ['of the user', { name: 'ann' }, ann, true],
    ['of another user', { name: 'bob' }, ann, false],
    ['of a group', { kind: 'Group', name: 'team' }, ann, true],
    ['of a group with the name of the user', { kind: 'Group', name: 'ann' }, ann, false],
    ['of an account', { kind: 'ServiceAccount', namespace: 'a', name: 'builder' }, builder, true],
    ['of an account elsewhere', { kind: 'ServiceAccount', namespace: 'b', name: 'builder' }, builder, false],
    ['of an account by its user name', { name: 'system:serviceaccount:a:builder' }, builder, true],
  ])('%s', async (_, subject, user, allowed) => {
    read.put(ref('clusterroles'), role('all', everything));
    read.put(ref('clusterrolebindings'), binding('b', 'all', subject));
    expect((await ask('GET /api/v1/nodes', user)) === 'allow').toBe(allowed);
  });

  it.each([
    ['GET /api/v1/namespaces/a/pods', true],
    ['GET /api/v1/namespaces/b/pods', false],
    ['GET /api/v1/pods', false],
    ['GET /api/v1/nodes', false],
    ['GET /api/v1/namespaces/a', true],
  ])('in a namespace reaches %s: %s', async (line, allowed) => {
    read.put(ref('clusterroles'), role('all', everything));
    read.put(ref('rolebindings'), binding('b', 'all', { name: 'ann' }, 'a'));
    expect((await ask(line)) === 'allow').toBe(allowed);
  });

  it('to a role of its namespace follows that role', async () => {
    const list = () => ask('GET /api/v1/namespaces/a/pods');
    read.put(ref('rolebindings'), binding('b', 'local', { name: 'ann' }, 'a'));
    expect(await list()).toBe('RBAC: role.rbac.authorization.k8s.io "local" not found');
    read.put(ref('roles'), role('local', everything, 'b'));
    expect(await list()).toContain('not found');
    read.put(ref('roles'), role('local', everything, 'a'));
    expect(await list()).toBe('allow');
    read.put(ref('roles'), role('local', [], 'a'));
    expect(await list()).toBe('no-opinion');
    read.put(ref('roles'), role('local', everything, 'a'));
    read.put(ref('rolebindings'), binding('b', 'local', { name: 'bob' }, 'a'));
    expect(await list()).toBe('no-opinion');
    expect(await ask('GET /api/v1/namespaces/a/pods', { username: 'bob', groups: [] })).toBe('allow');
    read.remove(ref('rolebindings'), 'a/b');
    expect(await ask('GET /api/v1/namespaces/a/pods', { username: 'bob', groups: [] })).toBe('no-opinion');
  });

  it('says which of them allowed it', async () => {
    read.put(ref('clusterroles'), role('all', everything));
    read.put(
      ref('rolebindings'),
      binding('b', 'all', { kind: 'ServiceAccount', namespace: 'a', name: 'builder' }, 'a'),
    );
    const info = parseRequestInfo({ method: 'GET', path: '/api/v1/namespaces/a/pods', query: new URLSearchParams() });
    const { reason } = await authorizer.authorize({ user: builder, info }, testContext());
    expect(reason).toBe('RBAC: allowed by RoleBinding "b/a" of ClusterRole "all" to ServiceAccount "builder/a"');
  });
});
