import type { PolicyRule } from '@kubernest/apiserver/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, describeRule, firstUncovered, uncovered } from './rule-cover.ts';
import { urlCovers } from './rule-matching.ts';

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

describe('part by part, the long way, the same is missing', () => {
  const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
  const rules = fc.array(
    fc.record<PolicyRule>(
      {
        verbs: some('get', 'list', '*'),
        apiGroups: some('', 'apps', '*'),
        resources: some('pods', 'pods/log', 'jobs/log', '*/log', 'jobs', '*'),
        resourceNames: some('a', 'b', '*'),
        nonResourceURLs: some('/a', '/a/b', '/a/*', '/*', '/', '*'),
      },
      { requiredKeys: ['verbs'] },
    ),
    { maxLength: 5 },
  );
  const has = (values: readonly string[] | undefined, value: string) =>
    values !== undefined && (values.includes('*') || values.includes(value));
  const covers = (held: PolicyRule, part: PolicyRule): boolean => {
    if (!has(held.verbs, part.verbs[0]!)) return false;
    if (part.nonResourceURLs)
      return (held.nonResourceURLs ?? []).some((pattern) => urlCovers(pattern, part.nonResourceURLs![0]!));
    const names = held.resourceNames?.length ? held.resourceNames : undefined;
    if (names && !(part.resourceNames && names.includes(part.resourceNames[0]!))) return false;
    const resource = part.resources![0]!;
    const ofAny = resource.includes('/') ? `*${resource.slice(resource.indexOf('/'))}` : resource;
    return has(held.apiGroups, part.apiGroups![0]!) && (has(held.resources, resource) || has(held.resources, ofAny));
  };
  const parts = (rule: PolicyRule): PolicyRule[] =>
    rule.verbs.flatMap((verb) => [
      ...(rule.nonResourceURLs ?? []).map((url) => ({ verbs: [verb], nonResourceURLs: [url] })),
      ...(rule.apiGroups ?? []).flatMap((group) =>
        (rule.resources ?? []).flatMap((resource) =>
          (rule.resourceNames?.length ? rule.resourceNames : [undefined]).map((name) => ({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          })),
        ),
      ),
    ]);

  it('for any rules', () => {
    fc.assert(
      fc.property(rules, rules, (held, wanted) => {
        const missing = wanted.flatMap(parts).filter((part) => !held.some((rule) => covers(rule, part)));
        const expected = new Set(missing.map(describeRule));
        expect(new Set(uncovered(held, wanted).map(describeRule))).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what would be billions of parts', () => {
  const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const box = (groups = 1000): PolicyRule => ({
    verbs: many('v', 1000),
    apiGroups: many('g', groups),
    resources: many('r', 1000),
  });
  const { signal } = new AbortController();

  it.each<[string, PolicyRule, readonly PolicyRule[]]>([
    ['by one rule', box(), [box()]],
    [
      'by everything, among much else',
      box(),
      [...many('n', 10_000).map((name) => rule('get', '', 'pods', [name])), all],
    ],
    ['by a rule for each group', box(300), many('g', 300).map((group) => ({ ...box(), apiGroups: [group] }))],
  ])('is covered %s', async (_, wanted, held) => {
    expect(await firstUncovered(held, [wanted], { most: 10, signal })).toEqual({ rules: [], more: false });
  });

  it('is missing: the first are told, and that there are more', async () => {
    const held = many('n', 10_000).map((name) => rule('get', '', 'pods', [name]));
    const { rules, more } = await firstUncovered(held, [box()], { most: 3, signal });
    expect([rules.map(describeRule), more]).toEqual([
      ['v0', 'v1', 'v2'].map((verb) => `{APIGroups:["g0"], Resources:["r0"], Verbs:["${verb}"]}`),
      true,
    ]);
  });

  it('is missing in part: the part is found', async () => {
    const { rules, more } = await firstUncovered([box(999)], [box()], { most: 1, signal });
    expect([rules.map(describeRule), more]).toEqual([['{APIGroups:["g999"], Resources:["r0"], Verbs:["v0"]}'], true]);
  });

  it('rule against rule is not looked through', async () => {
    const named = (count: number) => many('n', count).map((name) => rule('get', '', 'pods', [name]));
    const { rules } = await firstUncovered(named(10_000), named(10_001), { most: 10, signal });
    expect(rules.map(describeRule)).toEqual([describeRule(rule('get', '', 'pods', ['n10000']))]);
  });

  it('is left when nobody asks any more', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(firstUncovered(Array(20).fill(box()), [box()], { most: 10, signal: gone })).rejects.toThrow('gone');
  });
});
