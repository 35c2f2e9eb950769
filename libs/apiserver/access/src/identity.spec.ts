import { admin, type Caller, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestCluster;
beforeAll(async () => {
  api = await testCluster();
  await api.grant('ann', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['users'], resourceNames: ['bob', 'system:anonymous'] },
    {
      verbs: ['impersonate'],
      apiGroups: [''],
      resources: ['groups'],
      resourceNames: ['team', 'system:unauthenticated'],
    },
    { verbs: ['impersonate'], apiGroups: ['authentication.k8s.io'], resources: ['uids'], resourceNames: ['u-1'] },
    { verbs: ['impersonate'], apiGroups: ['authentication.k8s.io'], resources: ['userextras/scopes'] },
    { verbs: ['impersonate'], apiGroups: ['authentication.k8s.io'], resources: ['userextras/acme.example/project'] },
  ]);
  await api.grant('sam', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['default'] },
  ]);
  const askWhoAmI = { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] };
  await api.grant('system:unauthenticated', [askWhoAmI], 'Group');
});
afterAll(() => api[Symbol.asyncDispose]());

const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const as = (user: string, name: string, headers: Record<string, string> = {}): Caller => ({
  user,
  headers: { 'impersonate-user': name, ...headers },
});
const asBob = (user: string, headers?: Record<string, string>) => as(user, 'bob', headers);

describe('impersonation', () => {
  const account = 'system:serviceaccount:default:default';
  const accounts = ['system:serviceaccounts', 'system:serviceaccounts:default'];
  it.each([
    ['a user', asBob('ann'), { username: 'bob', groups: ['system:authenticated'] }],
    [
      'with a group',
      asBob('ann', { 'impersonate-group': 'team' }),
      { username: 'bob', groups: ['team', 'system:authenticated'] },
    ],
    [
      'with the group of those who are not authenticated',
      asBob('ann', { 'impersonate-group': 'system:unauthenticated' }),
      { username: 'bob', groups: ['system:unauthenticated'] },
    ],
    [
      'with a uid and extras',
      asBob('ann', {
        'impersonate-uid': 'u-1',
        'impersonate-extra-scopes': 'x, y',
        'impersonate-extra-acme.example%2fproject': 'p',
      }),
      {
        username: 'bob',
        uid: 'u-1',
        groups: ['system:authenticated'],
        extra: { scopes: ['x', 'y'], 'acme.example/project': ['p'] },
      },
    ],
    [
      'with one extra under two spellings',
      asBob('ann', { 'impersonate-extra-scopes': 'x', 'impersonate-extra-%73copes': 'y' }),
      { username: 'bob', groups: ['system:authenticated'], extra: { scopes: ['x', 'y'] } },
    ],
    ['nobody', as('ann', 'system:anonymous'), { username: 'system:anonymous', groups: ['system:unauthenticated'] }],
    ['a service account', as('sam', account), { username: account, groups: [...accounts, 'system:authenticated'] }],
  ])('of %s', async (_, caller, userInfo) => {
    const { status, object } = await api.call(caller, `POST ${whoAmI}`, {});
    expect([status, object.status?.userInfo ?? object.message]).toEqual([201, userInfo]);
  });

  const atCluster = 'at the cluster scope';
  it.each([
    [
      as('ann', 'carol'),
      `users "carol" is forbidden: User "ann" cannot impersonate resource "users" in API group "" ${atCluster}`,
    ],
    [
      asBob('ann', { 'impersonate-group': 'team, system:masters' }),
      `groups "system:masters" is forbidden: User "ann" cannot impersonate resource "groups" in API group "" ${atCluster}`,
    ],
    [
      asBob('ann', { 'impersonate-uid': 'u-2' }),
      `uids.authentication.k8s.io "u-2" is forbidden: User "ann" cannot impersonate resource "uids" in API group "authentication.k8s.io" ${atCluster}`,
    ],
    [
      asBob('ann', { 'impersonate-extra-%zz': 'v' }),
      `userextras.authentication.k8s.io "v" is forbidden: User "ann" cannot impersonate resource "userextras/%zz" in API group "authentication.k8s.io" ${atCluster}`,
    ],
    ...['__proto__', 'constructor', 'toString', 'scopes%2f', ''].map((key): [Caller, string] => {
      const what = key === '' ? 'userextras' : `userextras/${decodeURIComponent(key)}`;
      return [
        asBob('ann', { [`impersonate-extra-${key}`]: 'v' }),
        `userextras.authentication.k8s.io "v" is forbidden: User "ann" cannot impersonate resource "${what}" in API group "authentication.k8s.io" ${atCluster}`,
      ];
    }),
    ...['x, other', ''].map((values): [Caller, string] => [
      asBob('ann', { 'impersonate-extra-other': values }),
      `userextras.authentication.k8s.io${values && ' "x"'} is forbidden: User "ann" cannot impersonate resource "userextras/other" in API group "authentication.k8s.io" ${atCluster}`,
    ]),
    [
      asBob('ann', { 'impersonate-group': '' }),
      `groups is forbidden: User "ann" cannot impersonate resource "groups" in API group "" ${atCluster}`,
    ],
    [
      as('ann', account),
      'serviceaccounts "default" is forbidden: User "ann" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default"',
    ],
    [
      as('sam', 'bob'),
      `users "bob" is forbidden: User "sam" cannot impersonate resource "users" in API group "" ${atCluster}`,
    ],
  ])('%j is refused', async (caller, message) => {
    const { status, object } = await api.call(caller, `POST ${whoAmI}`, {});
    expect([status, object.message]).toEqual([403, message]);
  });

  it.each<Record<string, string>>([
    { 'impersonate-group': 'team' },
    { 'impersonate-group': '' },
    { 'impersonate-uid': 'u-1' },
    { 'impersonate-extra-scopes': 'x' },
    { 'impersonate-extra-__proto__': 'x' },
    { 'impersonate-user': '', 'impersonate-uid': 'u-1' },
  ])('of nobody with %j is a mistake', async (headers) => {
    const { object } = await api.call({ ...admin, headers }, `POST ${whoAmI}`, {});
    expect([object.code, object.message]).toEqual([400, expect.stringContaining('without impersonating a user name')]);
  });
});

describe('constrained impersonation', () => {
  const fromApi = { apiGroups: ['authentication.k8s.io'] };
  it('is allowed for what the roles name, and for nothing else', async () => {
    await api.grant('eve', [
      { verbs: ['impersonate:user-info'], ...fromApi, resources: ['users'], resourceNames: ['bob'] },
      { verbs: ['impersonate-on:user-info:create'], ...fromApi, resources: ['selfsubjectreviews'] },
    ]);
    expect((await api.call(asBob('eve'), `POST ${whoAmI}`, {})).status).toBe(201);
    expect((await api.call(asBob('eve'), 'GET /api/v1/namespaces/default/pods')).object.message).toBe(
      'pods is forbidden: User "eve" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"',
    );
    expect((await api.call(as('eve', 'carol'), `POST ${whoAmI}`, {})).object.message).toBe(
      'users.authentication.k8s.io "carol" is forbidden: User "eve" cannot impersonate:user-info resource "users" in API group "authentication.k8s.io" at the cluster scope',
    );
  });
});

describe('who is nobody', () => {
  const cannot = (what: string) => `forbidden: User "system:anonymous" cannot get path "${what}"`;
  it.each([
    ['/healthz', 200, undefined],
    ['/livez', 200, undefined],
    ['/readyz', 200, undefined],
    ['/version', 200, undefined],
    ['/livez/ping', 403, cannot('/livez/ping')],
    ['/api', 403, cannot('/api')],
    ['/openapi/v2', 403, cannot('/openapi/v2')],
    [
      '/api/v1/pods',
      403,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      '/apis/apps/v1/namespaces/default/deployments/web',
      403,
      'deployments.apps "web" is forbidden: User "system:anonymous" cannot get resource "deployments" in API group "apps" in the namespace "default"',
    ],
  ])('gets %s: %i', async (path, status, message) => {
    const answer = await api.call({}, `GET ${path}`);
    expect([answer.status, answer.object?.message]).toEqual([status, message]);
  });

  it.each(['rubbish', 'rubbish x', ' rubbish'])('with %j, a token that nobody gave, is told so', async (token) => {
    for (const path of ['/api', '/healthz']) {
      const { object } = await api.call({ token }, `GET ${path}`);
      expect(object).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      });
    }
  });
});
