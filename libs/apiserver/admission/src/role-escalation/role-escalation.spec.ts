import { nonResourceInfo } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { admin, type Caller, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleEscalation } from './role-escalation.plugin.ts';

let api: TestCluster;
const apiGroup = 'rbac.authorization.k8s.io';
const rbac = `/apis/${apiGroup}/v1`;
const rule = (verbs: string, resources: string, group = '', more: object = {}) => ({
  verbs: verbs.split(' '),
  apiGroups: [group],
  resources: resources.split(' '),
  ...more,
});
const writes = rule('get create update patch', 'roles rolebindings clusterroles clusterrolebindings', apiGroup);
const ref = (kind: string, name: string) => ({ apiGroup, kind, name });
const user = (name: string) => ({ kind: 'User', apiGroup, name });
const ann: Caller = { user: 'ann' };
const local = `${rbac}/namespaces/default`;

beforeAll(async () => {
  api = await testCluster();
  const roles = {
    ann: [writes, rule('get list', 'pods'), rule('get', 'secrets', '', { resourceNames: ['known'] })],
    binder: [writes, rule('bind', 'clusterroles', apiGroup, { resourceNames: ['strong'] })],
    escalator: [writes, rule('escalate', 'roles clusterroles', apiGroup)],
    strong: [rule('delete', 'nodes')],
    weak: [rule('get', 'pods')],
  };
  for (const [name, rules] of Object.entries(roles)) await api.grant(name, rules);
  const gathers = [{ matchLabels: { x: 'y' } }];
  const gathering = { metadata: { name: 'gathering' }, aggregationRule: { clusterRoleSelectors: gathers }, rules: [] };
  await api.call(admin, `POST ${rbac}/clusterroles`, gathering);
  await api.caughtUp();
});
afterAll(() => api[Symbol.asyncDispose]());

async function ask(as: Caller, line: string, body: object): Promise<string> {
  const { status, object } = await api.call(as, line, body);
  return status < 300 ? 'ok' : `${status} ${object.message}`;
}
const role = (rules: readonly object[], name = 'new') => ({ metadata: { name }, rules });
const bindingTo = (kind: string, name: string) => ({
  metadata: { name: 'new' },
  roleRef: ref(kind, name),
  subjects: [user('eve')],
});

describe('a role', () => {
  const refusal = (...lines: string[]) =>
    `user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
  it.each([
    ['with less than is held', ann, role([rule('get', 'pods')]), 'ok'],
    ['with a name that is held', ann, role([rule('get', 'secrets', '', { resourceNames: ['known'] })]), 'ok'],
    [
      'with more verbs',
      ann,
      role([rule('get delete watch', 'pods services')]),
      refusal(
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}',
        '{APIGroups:[""], Resources:["services"], Verbs:["get" "delete" "watch"]}',
      ),
    ],
    [
      'with more names',
      ann,
      role([rule('get', 'secrets', '', { resourceNames: ['known', 'other'] })]),
      refusal('{APIGroups:[""], Resources:["secrets"], ResourceNames:["other"], Verbs:["get"]}'),
    ],
    [
      'of more than anybody reads',
      ann,
      role([
        {
          verbs: Array.from({ length: 300 }, (_, i) => `v${i}`),
          apiGroups: Array.from({ length: 3000 }, (_, i) => `g${i}`),
          resources: Array.from({ length: 3000 }, (_, i) => `r${i}`),
        },
      ]),
      'Verbs:["v0" "v1" "v2" ',
    ],
    ['by whoever may escalate', { user: 'escalator' }, role([rule('*', '*', '*')]), 'ok'],
    ['by a master', admin, role([rule('*', '*', '*')]), 'ok'],
  ])('%s', async (_, as, body, expected) => {
    expect(await ask(as, `POST ${local}/roles?dryRun=All`, body)).toContain(expected);
  });

  it.each([
    [
      'a label',
      { metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } } },
      'not currently held',
    ],
    ['more rules', { rules: [rule('delete', 'nodes'), rule('get', 'nodes')] }, 'not currently held'],
    ['what the garbage collector sets', { metadata: { finalizers: ['acme.example/x'] } }, 'ok'],
    ['rules that are held', { rules: [rule('get', 'pods')] }, 'ok'],
  ])('that is beyond its editor, changed by %s', async (_, body, expected) => {
    expect(await ask(ann, `PATCH ${rbac}/clusterroles/strong?dryRun=All`, body)).toContain(expected);
  });

  it('that gathers others is for those who hold everything', async () => {
    const why = 'must have cluster-admin privileges to use an aggregationRule';
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
    const made = { metadata: { name: 'all' }, aggregationRule, rules: [] };
    expect(await ask(ann, `POST ${rbac}/clusterroles`, made)).toContain(why);
    expect(await ask(ann, `PATCH ${rbac}/clusterroles/gathering`, { aggregationRule: null })).toContain(why);
    expect(await ask({ user: 'escalator' }, `POST ${rbac}/clusterroles?dryRun=All`, made)).toBe('ok');
  });
});

describe('a binding', () => {
  it.each([
    ['to a role with less than is held', ann, bindingTo('ClusterRole', 'weak'), 'ok'],
    [
      'to a role with more',
      ann,
      bindingTo('ClusterRole', 'strong'),
      '{APIGroups:[""], Resources:["nodes"], Verbs:["delete"]}',
    ],
    ['to a role that is not there', ann, bindingTo('Role', 'none'), 'roles.rbac.authorization.k8s.io "none" not found'],
    ['by whoever may bind that role', { user: 'binder' }, bindingTo('ClusterRole', 'strong'), 'ok'],
    ['by whoever may bind another', { user: 'binder' }, bindingTo('ClusterRole', 'weak'), 'not currently held'],
    ['by a master', admin, bindingTo('ClusterRole', 'strong'), 'ok'],
  ])('%s', async (_, as, body, expected) => {
    expect(await ask(as, `POST ${local}/rolebindings?dryRun=All`, body)).toContain(expected);
  });

  it('gets no more subjects from those who could not make it', async () => {
    const body = { subjects: [user('eve')] };
    expect(await ask(ann, `PATCH ${rbac}/clusterrolebindings/strong`, body)).toContain('not currently held');
    expect(await ask({ user: 'binder' }, `PATCH ${rbac}/clusterrolebindings/strong?dryRun=All`, body)).toBe('ok');
  });

  it('stays with its role', async () => {
    const body = { roleRef: ref('ClusterRole', 'weak') };
    expect(await ask(admin, `PATCH ${rbac}/clusterrolebindings/strong`, body)).toContain('cannot change roleRef');
  });
});

describe('who holds everything in one namespace', () => {
  const owner = { username: 'owner', groups: ['system:authenticated'] };
  beforeAll(async () => {
    await api.grant('everything', [rule('*', '*', '*')]);
    const bound = { metadata: { name: 'owner' }, roleRef: ref('ClusterRole', 'everything'), subjects: [user('owner')] };
    await api.call(admin, `POST ${local}/rolebindings`, bound);
    await api.caughtUp();
  });

  /** The plugin alone: routes let no such path through. */
  const given = async (plural: string, object: object): Promise<string> => {
    const definition = builtinKinds.find((each) => each.plural === plural)!;
    const seen = {
      operation: 'create',
      user: owner,
      definition,
      kind: definition,
      object: object as KubeObject,
      old: undefined,
    } as const;
    const info = {
      ...nonResourceInfo({ verb: 'create', path: '' }),
      ...{ isResource: true, group: apiGroup, resource: plural, namespace: 'default' },
    };
    const call = { ...seen, info, options: {}, dryRun: false, warn: () => {}, annotate: () => {} };
    try {
      await roleEscalation(api.server.core).validate!(call, api.server.core.read, api.ctx);
      return 'ok';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    ['roles', role([rule('*', '*', '*')]), 'ok'],
    ['rolebindings', bindingTo('ClusterRole', 'strong'), 'ok'],
    ['clusterroles', role([rule('get', 'pods')]), 'not currently held'],
    ['clusterroles', { ...role([]), aggregationRule: {} }, 'must have cluster-admin privileges'],
    ['clusterrolebindings', bindingTo('ClusterRole', 'strong'), 'not currently held'],
  ])('gives it in %s as far as it holds there, whatever the path says', async (plural, object, expected) => {
    expect(await given(plural, object)).toContain(expected);
  });
});
