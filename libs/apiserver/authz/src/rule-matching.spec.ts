import { expect, it } from 'vitest';
import { compileRules, type Target } from './rule-matching.ts';

const ask = (resource: string, verb: string): Target => ({
  isResource: true,
  verb,
  path: '',
  group: '',
  resource,
  subresource: '',
  name: 'x',
});

it('finds the first rule that allows a request, however many name its resource, and how often', () => {
  const rule = (verb: string, resources: readonly string[]) => ({ apiGroups: [''], resources, verbs: [verb] });
  const rules = [
    rule('get', ['pods', 'nodes', 'pods']),
    rule('list', ['secrets', 'pods']),
    rule('watch', ['pods', 'secrets']),
    rule('get', ['secrets']),
  ];
  const { find } = compileRules(rules);
  const found = (resource: string, verb: string) => {
    const rule = find(ask(resource, verb));
    return rule && rules.indexOf(rule as (typeof rules)[number]);
  };
  expect(['get', 'list', 'watch', 'delete'].map((verb) => found('pods', verb))).toEqual([0, 1, 2, undefined]);
  expect(['get', 'list', 'watch'].map((verb) => found('secrets', verb))).toEqual([3, 1, 2]);
  expect(['get', 'list'].map((verb) => found('nodes', verb))).toEqual([0, undefined]);
});
