import { admin, type Caller, kubelet, type TestApi, testApi } from '@kubernest/apiserver/admission/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await grant('ann', [
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
  await grant('sam', [
    { verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['default'] },
  ]);
  const askWhoAmI = { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] };
  await grant('system:unauthenticated', [askWhoAmI], 'Group');
  await api.eventually(() => api.call({}, `POST ${whoAmI}`, {}), 201);
  await api.eventually(() => api.call(asBob('ann'), `POST ${whoAmI}`, {}), 201);
  await api.eventually(() => api.call(as('sam', 'system:serviceaccount:default:default'), `POST ${whoAmI}`, {}), 201);
});
afterAll(() => api[Symbol.asyncDispose]());

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const as = (user: string, name: string, headers: Record<string, string> = {}): Caller => ({
  user,
  headers: { 'impersonate-user': name, ...headers },
});
const asBob = (user: string, headers?: Record<string, string>) => as(user, 'bob', headers);

async function grant(name: string, rules: readonly object[], kind = 'User'): Promise<void> {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }];
  await api.call(admin, `POST ${rbac}/clusterroles`, { metadata: { name }, rules });
  await api.call(admin, `POST ${rbac}/clusterrolebindings`, { metadata: { name }, roleRef, subjects });
}

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

  it('of a group without a user is a mistake', async () => {
    const { object } = await api.call({ ...admin, headers: { 'impersonate-group': 'team' } }, `POST ${whoAmI}`, {});
    expect([object.code, object.message]).toEqual([400, expect.stringContaining('without impersonating a user')]);
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
    expect([answer.status, answer.object.message]).toEqual([status, message]);
  });

  it('with a token that nobody gave is told so', async () => {
    for (const path of ['/api', '/healthz']) {
      const { object } = await api.call({ token: 'rubbish' }, `GET ${path}`);
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

describe('a TokenReview', () => {
  const review = async (token: string, audiences?: string[]) => {
    const spec = { token, ...(audiences ? { audiences } : {}) };
    return (await api.call(admin, 'POST /apis/authentication.k8s.io/v1/tokenreviews', { spec })).object;
  };
  const issue = async (account: string, body: object = {}) => {
    const url = `/api/v1/namespaces/default/serviceaccounts/${account}`;
    return (await api.call(admin, `POST ${url}/token`, { spec: body })).object.status.token;
  };

  it('tells whose it is and what it is bound to, until that is gone', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const spec = { nodeName: 'nobody-knows', containers: [{ name: 'c', image: 'i' }] };
    const pod = (await api.call(admin, `POST ${pods}`, { metadata: { name: 'bound' }, spec })).object;
    const token = await issue('default', { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'bound' } });
    const { status } = await review(token);
    const key = (name: string) => `authentication.kubernetes.io/${name}`;
    expect(status).toMatchObject({
      authenticated: true,
      audiences: ['api'],
      user: {
        username: 'system:serviceaccount:default:default',
        extra: {
          [key('credential-id')]: [expect.stringMatching(/^JTI=/)],
          [key('pod-name')]: ['bound'],
          [key('pod-uid')]: [pod.metadata.uid],
          [key('node-name')]: ['nobody-knows'],
        },
      },
    });
    expect(Object.keys(status.user.extra)).not.toContain(key('node-uid'));
    await api.call(admin, `DELETE ${pods}/bound`, { gracePeriodSeconds: 0 });
    expect((await review(token)).status).toEqual({
      user: {},
      error: '[invalid bearer token, service account token has been invalidated]',
    });
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
  });

  it('ends with the account, though another of its name follows', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await api.call(admin, `POST ${accounts}`, { metadata: { name: 'builder' } });
    const token = await issue('builder');
    expect((await api.call({ token }, 'GET /api')).status).toBe(200);
    await api.call(admin, `DELETE ${accounts}/builder`);
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
    await api.call(admin, `POST ${accounts}`, { metadata: { name: 'builder' } });
    expect((await review(token)).status.error).toContain('does not match claim');
  });

  it('judges by the audiences it is asked for', async () => {
    const token = await issue('default', { audiences: ['vault'] });
    expect((await api.call({ token }, 'GET /api')).status).toBe(401);
    expect((await review(token, ['vault', 'x'])).status).toMatchObject({ authenticated: true, audiences: ['vault'] });
    expect((await review(token)).status.error).toContain('token audiences ["vault"] is invalid');
  });

  it.each([
    ['rubbish', { user: {}, error: 'invalid bearer token' }],
    ['abcdef.0123456789abcdef', { user: {}, error: 'invalid bearer token' }],
  ])('does not know %s', async (token, status) => {
    expect((await review(token)).status).toEqual(status);
  });

  it('without a token is a mistake', async () => {
    expect((await review('')).message).toContain('token is required');
  });
});

describe('a question of access', () => {
  const reviews = '/apis/authorization.k8s.io/v1';
  const ask = async (spec: object, who: Caller = admin, kind = 'subjectaccessreviews', metadata: object = {}) =>
    (await api.call(who, `POST ${reviews}/${kind}`, { metadata, spec })).object;
  const node = { user: 'system:node:n1', groups: ['system:nodes'] };
  const pods = (more: object) => ({ ...node, resourceAttributes: { verb: 'list', resource: 'pods', ...more } });
  const own = { key: 'spec.nodeName', operator: 'In', values: ['n1'] };
  const refusal = 'can only list/watch pods with spec.nodeName field selector';
  const field = 'spec.resourceAttributes.fieldSelector';

  it.each([
    ['a raw selector', { fieldSelector: { rawSelector: 'spec.nodeName=n1' } }, { allowed: true }],
    ['requirements', { fieldSelector: { requirements: [own] } }, { allowed: true }],
    ['no selector', {}, { allowed: false, reason: refusal }],
    ['the wrong selector', { fieldSelector: { rawSelector: 'spec.nodeName=n2' } }, { allowed: false, reason: refusal }],
    [
      'an inequality',
      { fieldSelector: { requirements: [{ ...own, operator: 'NotIn' }] } },
      { allowed: false, reason: refusal },
    ],
    [
      'a selector that cannot be read',
      { fieldSelector: { rawSelector: 'a' } },
      { allowed: false, reason: refusal, evaluationError: `${field} ignored due to parse error` },
    ],
    [
      'a selector that can be read in part',
      { fieldSelector: { requirements: [own, { key: 'x', operator: 'Like', values: ['y'] }] } },
      { allowed: true, evaluationError: `${field} partially ignored due to parse error` },
    ],
    [
      'labels that cannot be read',
      { fieldSelector: { requirements: [own] }, labelSelector: { rawSelector: 'a in b' } },
      { allowed: true, evaluationError: 'spec.resourceAttributes.labelSelector ignored due to parse error' },
    ],
  ])('is narrowed by %s', async (_, more, status) => {
    expect((await ask(pods(more))).status).toEqual(status);
  });

  it('of oneself is narrowed, too', async () => {
    const spec = { resourceAttributes: { verb: 'watch', resource: 'pods', fieldSelector: { requirements: [own] } } };
    expect((await ask(spec, kubelet('n1'), 'selfsubjectaccessreviews')).status).toEqual({ allowed: true });
    expect((await ask(spec, kubelet('n2'), 'selfsubjectaccessreviews')).status.allowed).toBe(false);
  });

  const resource = { resourceAttributes: { verb: 'get', resource: 'pods' } };
  it.each([
    [
      'both selectors',
      pods({ fieldSelector: { rawSelector: 'a=b', requirements: [own] } }),
      `${field}.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements`,
    ],
    [
      'an empty selector',
      pods({ fieldSelector: {} }),
      `${field}.requirements: Required value: when ${field} is specified, requirements or rawSelector is required`,
    ],
    [
      'no values',
      pods({ fieldSelector: { requirements: [{ key: 'a', operator: 'In' }] } }),
      `${field}.requirements[0].values: Required value: must be specified when`,
    ],
    ['no subject', resource, 'spec.user: Invalid value: "": at least one of user or group must be specified'],
    ['no question', { user: 'ann' }, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'],
    [
      'two questions',
      { user: 'ann', ...resource, nonResourceAttributes: { path: '/' } },
      'cannot be specified in combination with resourceAttributes',
    ],
  ])('with %s is a mistake', async (_, spec, message) => {
    const object = await ask(spec);
    expect([object.code, object.message]).toEqual([422, expect.stringContaining(message)]);
  });

  it('has no name, and a local one is about its own namespace', async () => {
    expect((await ask({ user: 'ann', ...resource }, admin, 'subjectaccessreviews', { name: 'x' })).message).toContain(
      'must be empty',
    );
    const local = 'namespaces/default/localsubjectaccessreviews';
    expect((await ask({ user: 'ann', ...resource }, admin, local)).message).toContain('must match metadata.namespace');
    const path = { user: 'ann', nonResourceAttributes: { verb: 'get', path: '/version' } };
    expect((await ask(path, admin, local)).message).toContain('disallowed on this kind of request');
    const here = { resourceAttributes: { ...resource.resourceAttributes, namespace: 'default' } };
    expect((await ask({ user: 'ann', ...here }, admin, local)).status).toEqual({ allowed: false });
  });

  it('of all that one may do names a namespace', async () => {
    expect((await ask({}, { user: 'sam' }, 'selfsubjectrulesreviews')).message).toBe('no namespace on request');
    const { status } = await ask({ namespace: 'default' }, { user: 'sam' }, 'selfsubjectrulesreviews');
    expect(status.resourceRules).toContainEqual({
      verbs: ['impersonate'],
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: ['default'],
    });
  });

  it('of all that a kubelet may do cannot be told in full', async () => {
    const { status } = await ask({ namespace: 'default' }, kubelet('n1'), 'selfsubjectrulesreviews');
    expect([status.incomplete, status.evaluationError]).toEqual([
      true,
      'node authorizer does not support user rule resolution',
    ]);
  });
});
