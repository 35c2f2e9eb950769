import type { PolicyRule } from '@kubernest/apiserver/engine';
import { describe, expect, it } from 'vitest';
import { compact, describeRule, uncovered } from './rule-cover.ts';

const rule = (verbs: string, groups: string, resources: string, resourceNames?: string[]): PolicyRule => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(' '),
  resources: resources.split(' '),
  ...(resourceNames ? { resourceNames } : {}),
});
const path = (verbs: string, ...nonResourceURLs: string[]): PolicyRule => ({
  verbs: verbs.split(' '),
  nonResourceURLs,
});
const all = rule('*', '*', '*');

describe('what is held covers what is given', () => {
  const missing = '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}';
  it.each<[readonly PolicyRule[], PolicyRule, readonly string[]]>([
    [[all], rule('get list', ' apps', 'pods deployments'), []],
    [[all], path('get', '/metrics'), ['{NonResourceURLs:["/metrics"], Verbs:["get"]}']],
    [[], rule('get', '', 'pods'), [missing]],
    [[rule('list', '', 'pods')], rule('get list', '', 'pods'), [missing]],
    [[rule('get', '', 'pods'), rule('list', '', 'pods')], rule('get list', '', 'pods'), []],
    [[rule('get', 'apps', 'pods')], rule('get', '', 'pods'), [missing]],
    [[rule('get', '', 'pods', ['a'])], rule('get', '', 'pods'), [missing]],
    [[rule('get', '', 'pods', ['a', 'b'])], rule('get', '', 'pods', ['a']), []],
    [
      [rule('get', '', 'pods', ['a'])],
      rule('get', '', 'pods', ['a', 'b']),
      ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
    ],
    [
      [rule('get', '', 'pods')],
      rule('get', '', 'pods/log'),
      ['{APIGroups:[""], Resources:["pods/log"], Verbs:["get"]}'],
    ],
    [[rule('get', '', '*/log')], rule('get', '', 'pods/log'), []],
    [[rule('get', '', '*/log')], rule('get', '', '*'), ['{APIGroups:[""], Resources:["*"], Verbs:["get"]}']],
    [[rule('get', '', 'pods')], rule('*', '', 'pods'), ['{APIGroups:[""], Resources:["pods"], Verbs:["*"]}']],
    [[path('get', '/healthz/*')], path('get', '/healthz/etcd', '/healthz/*'), []],
    [[path('get', '/healthz')], path('get', '/healthz/etcd'), ['{NonResourceURLs:["/healthz/etcd"], Verbs:["get"]}']],
  ])('%j and %j: %j', (held, wanted, expected) => {
    expect(uncovered(held, [wanted]).map(describeRule)).toEqual(expected);
  });
});

it('what is missing of one resource is told in one line', () => {
  const missing = uncovered(
    [],
    [rule('get list', '', 'pods secrets'), rule('watch', '', 'pods'), rule('get', '', 'pods', ['a'])],
  );
  expect(compact(missing).map(describeRule)).toEqual([
    '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list" "watch"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    '{APIGroups:[""], Resources:["pods"], ResourceNames:["a"], Verbs:["get"]}',
  ]);
});
