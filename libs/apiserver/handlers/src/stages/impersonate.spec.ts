import type { UserInfo } from '@kubernest/apiserver/contract';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRequestInfo } from '../requests/request-info.ts';
import { Impersonations } from './impersonate.ts';

let api: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

/** What `sender` was asked for, and what came of it, where these are all the permissions there are: `<verb> <resource> <name>`. */
function asking(...permissions: string[]) {
  const asked: string[] = [];
  const seen: UserInfo[] = [];
  const impersonations = new Impersonations(({ user, info }) => {
    const { group, resource, subresource, name, namespace } = info;
    const what = `${resource}${subresource && `/${subresource}`}${group && `.${group}`}`;
    const line = info.isResource
      ? `${info.verb} ${namespace ? `${namespace}/` : ''}${what} ${name ?? '-'}`
      : `${info.verb} ${info.path}`;
    asked.push(line);
    seen.push(user);
    return { verdict: permissions.includes(line) ? 'allow' : 'no-opinion', reason: '' };
  });
  const as = async (headers: Record<string, string>, sender: UserInfo = ann, line = 'GET /api/v1/pods') => {
    asked.length = 0;
    const request = requestFor(line, undefined, headers);
    const order = { sender, info: parseRequestInfo(request) };
    try {
      return await impersonations.user(request, order, api.ctx);
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { as, asked, seen };
}

const ann: UserInfo = { username: 'ann', groups: ['system:authenticated'] };
const A = '.authentication.k8s.io';
const account = 'system:serviceaccount:team:robot';
const robot: UserInfo = {
  username: account,
  groups: ['system:serviceaccounts'],
  extra: { 'authentication.kubernetes.io/node-name': ['n'], 'authentication.kubernetes.io/pod-name': ['p'] },
};
const authenticated = 'system:authenticated';
const onPods = (mode: string) => `impersonate-on:${mode}:list pods -`;
const user = (name: string, more: Record<string, string> = {}) => ({ 'impersonate-user': name, ...more });
const groups = (...names: string[]) => ({ 'impersonate-group': names.join(', ') });

describe('who may be somebody else for what they ask for', () => {
  test.each<[string, Record<string, string>, UserInfo, string[], UserInfo]>([
    [
      'a user',
      user('bob', { ...groups('dev'), 'impersonate-uid': 'u', 'impersonate-extra-acme.io%2fp': 'v' }),
      ann,
      [
        onPods('user-info'),
        `impersonate:user-info users${A} bob`,
        `impersonate:user-info uids${A} u`,
        `impersonate:user-info groups${A} dev`,
        `impersonate:user-info userextras/acme.io/p${A} v`,
      ],
      { username: 'bob', uid: 'u', groups: ['dev', authenticated], extra: { 'acme.io/p': ['v'] } },
    ],
    [
      'a service account',
      user(account),
      ann,
      [onPods('serviceaccount'), `impersonate:serviceaccount team/serviceaccounts${A} robot`],
      { username: account, groups: ['system:serviceaccounts', 'system:serviceaccounts:team', authenticated] },
    ],
    [
      'any node',
      user('system:node:n'),
      ann,
      [onPods('arbitrary-node'), `impersonate:arbitrary-node nodes${A} n`],
      { username: 'system:node:n', groups: ['system:nodes', authenticated] },
    ],
    [
      'the node that the token was made for',
      user('system:node:n'),
      robot,
      [onPods('associated-node'), `impersonate:associated-node nodes${A} *`],
      { username: 'system:node:n', groups: ['system:nodes', authenticated] },
    ],
    [
      'a user with many groups',
      user('bob', groups('a', 'b', 'c', 'd')),
      ann,
      [onPods('user-info'), `impersonate:user-info users${A} bob`, `impersonate:user-info groups${A} *`],
      { username: 'bob', groups: ['a', 'b', 'c', 'd', authenticated] },
    ],
    [
      'what has the form of a service account, but not its name',
      user('system:serviceaccount:team:A_B'),
      ann,
      [onPods('user-info'), `impersonate:user-info users${A} system:serviceaccount:team:A_B`],
      { username: 'system:serviceaccount:team:A_B', groups: [authenticated] },
    ],
  ])('%s', async (_, headers, sender, permissions, became) => {
    const { as, asked } = asking(...permissions);
    expect(await as(headers, sender)).toEqual(became);
    expect(asked).toEqual(permissions);
    for (const missing of permissions) {
      const rest = asking(...permissions.filter((each) => each !== missing));
      expect(await rest.as(headers, sender)).toEqual(expect.stringContaining('forbidden'));
    }
  });

  test('and for what no resource stands behind, too', async () => {
    const { as } = asking('impersonate-on:user-info:get /version', `impersonate:user-info users${A} bob`);
    expect(await as(user('bob'), ann, 'GET /version')).toMatchObject({ username: 'bob' });
    expect(await as(user('bob'))).toContain('cannot impersonate-on:user-info:list resource "pods" in API group ""');
  });

  test('the authorizer sees that a token was made for a node, but not for which', async () => {
    const { as, seen } = asking(onPods('associated-node'), `impersonate:associated-node nodes${A} *`);
    await as(user('system:node:n'), robot);
    const keys = ['authentication.kubernetes.io/node-name', 'authentication.kubernetes.io/pod-name'];
    const extra = { 'authentication.kubernetes.io/associated-node-keys': keys };
    expect(seen).toEqual([
      { ...robot, extra },
      { ...robot, extra },
    ]);
  });

  test('another node than the token was made for is any node', async () => {
    const { as, asked } = asking();
    await as(user('system:node:other'), robot);
    expect(asked).toEqual([onPods('arbitrary-node'), 'impersonate users system:node:other']);
  });
});

describe('the permission of before', () => {
  test.each<[Record<string, string>, string[], UserInfo]>([
    [user('bob'), ['impersonate users bob'], { username: 'bob', groups: [authenticated] }],
    [
      user('bob', groups('system:masters')),
      ['impersonate users bob', 'impersonate groups system:masters'],
      { username: 'bob', groups: ['system:masters', authenticated] },
    ],
    [
      user('bob', { 'impersonate-extra-scopes': 'x' }),
      ['impersonate users bob', `impersonate userextras/scopes${A} x`],
      { username: 'bob', groups: [authenticated], extra: { scopes: ['x'] } },
    ],
    [
      user(account, groups('dev')),
      ['impersonate team/serviceaccounts robot', 'impersonate groups dev'],
      { username: account, groups: ['dev', authenticated] },
    ],
    [
      user('system:node:n'),
      ['impersonate users system:node:n'],
      { username: 'system:node:n', groups: [authenticated] },
    ],
  ])('is enough for %j, whatever is asked for', async (headers, permissions, became) => {
    const { as, asked } = asking(...permissions);
    expect(await as(headers)).toEqual(became);
    expect(asked.slice(-permissions.length)).toEqual(permissions);
    // The second time nothing else is tried.
    expect(await as(headers)).toEqual(became);
    expect(asked).toEqual(permissions);
  });
});

describe('whoever may do it in no mode', () => {
  test('is told what was missing in the first', async () => {
    const { as } = asking();
    expect(await as(user('bob'))).toBe(
      'pods is forbidden: User "ann" cannot impersonate-on:user-info:list resource "pods" in API group "" at the cluster scope',
    );
  });

  test('is told what was missing in the one that went well last time', async () => {
    const { as } = asking('impersonate users bob');
    await as(user('bob'));
    expect(await as(user('carol'))).toBe(
      'users "carol" is forbidden: User "ann" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });

  test.each<[Record<string, string>, string]>([
    [groups('system:masters'), 'impersonating the system:masters group is not allowed'],
    [groups(''), 'impersonating the empty string group is not allowed'],
    [{ 'impersonate-extra-': 'v' }, 'impersonating the empty string key in extra is not allowed'],
    [{ 'impersonate-extra-scopes': 'v' }, 'impersonating an invalid key in extra is not allowed'],
    [{ 'impersonate-extra-acme.io%2fp': '' }, 'impersonating the empty string value in extra is not allowed'],
    [
      { 'impersonate-extra-acme.io%2f%41': 'v' },
      'impersonating a non-lowercase key in extra is not allowed: "acme.io/A"',
    ],
  ])('cannot be given %j for a user', async (headers, why) => {
    const everything = ['groups', 'userextras', 'userextras/*'].map((what) => `impersonate:user-info ${what}${A} *`);
    const { as } = asking(onPods('user-info'), `impersonate:user-info users${A} bob`, ...everything);
    expect(await as(user('bob', headers))).toContain(why);
  });
});
