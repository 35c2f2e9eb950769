import type { PodSpec, TopologySpreadConstraint } from '@kubernest/api-types/core/v1';
import { describe, expect, it } from 'vitest';
import { clusterOf, labelled, nodeAt, placed } from '../placing.fixture.ts';

const spread = (...constraints: Partial<TopologySpreadConstraint>[]): Partial<PodSpec> => ({
  topologySpreadConstraints: constraints.map((constraint) => ({
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'web' } },
    ...constraint,
  })),
});
const web = (spec?: Partial<PodSpec>) => labelled({ app: 'web' }, spec);
const webs = (count: number) => Array.from({ length: count }, () => web());
const uneven = ["node(s) didn't match pod topology spread constraints"];
const missing = ["node(s) didn't match pod topology spread constraints (missing required label)"];

describe('a pod that must be spread', () => {
  it.each<[string, Partial<TopologySpreadConstraint>, ReturnType<typeof nodeAt>[], string | string[]]>([
    ['goes to the emptier place', {}, [nodeAt('a@east', web()), nodeAt('b@west')], 'b'],
    ['counts all nodes of a place', {}, [nodeAt('a@east', web()), nodeAt('b@east'), nodeAt('c@west')], 'c'],
    ['may go anywhere that is even', {}, [nodeAt('a@east', web()), nodeAt('b@west', web(), labelled({}))], 'a'],
    ['goes nowhere without the label', {}, [nodeAt('a')], missing],
    ['does not count nodes without the label', {}, [nodeAt('a@east', web()), nodeAt('b', ...webs(5))], 'a'],
    ['does not count pods that leave', {}, [nodeAt('a@east', leaving(), leaving()), nodeAt('b@west', web())], 'a'],
    [
      'does not count pods of other namespaces',
      {},
      [nodeAt('a@east', labelled({ app: 'web' }, {}, 'other')), nodeAt('b@west', web())],
      'a',
    ],
    ['does not count other pods', {}, [nodeAt('a@east', labelled({ app: 'db' })), nodeAt('b@west', web())], 'a'],
    [
      'may be uneven by as much as it allows',
      { maxSkew: 2 },
      [nodeAt('a@east', web()), nodeAt('b@west', ...webs(3))],
      'a',
    ],
    [
      'is not put where it would be too uneven',
      { topologyKey: 'kubernetes.io/hostname' },
      [nodeAt('a', web()), full(nodeAt('b'))],
      ['Insufficient cpu', ...uneven],
    ],
    [
      'waits for as many places as it asks for',
      { minDomains: 3 },
      [nodeAt('a@east', web()), nodeAt('b@west', web())],
      uneven,
    ],
    ['has enough places', { minDomains: 2 }, [nodeAt('a@east', web()), nodeAt('b@west', web())], 'a'],
  ])('%s', (_what, constraint, nodes, expected) => {
    const result = placed(web(spread(constraint)), clusterOf(nodes));
    expect(typeof result === 'string' ? result : [...result].sort()).toEqual(expected);
  });

  it('counts nodes that it may not go to only where it says so', () => {
    const nodes = () => {
      const tainted = nodeAt('b@west');
      tainted.update({ ...tainted.node, spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } });
      return clusterOf([nodeAt('a@east', web()), tainted]);
    };
    expect(placed(web(spread({})), nodes())).toEqual(expect.arrayContaining(uneven));
    expect(placed(web(spread({ nodeTaintsPolicy: 'Honor' })), nodes())).toBe('a');
    const east = { nodeSelector: { zone: 'east' } };
    const plain = () => clusterOf([nodeAt('a@east', web()), nodeAt('b@west')]);
    expect(placed(web({ ...spread({}), ...east }), plain())).toBe('a');
    expect(placed(web({ ...spread({ nodeAffinityPolicy: 'Ignore' }), ...east }), plain())).toEqual(
      expect.arrayContaining(uneven),
    );
  });

  it('may count only those that share its value of a label', () => {
    const v = (version: string, spec?: Partial<PodSpec>) => labelled({ app: 'web', version }, spec);
    const cluster = clusterOf([nodeAt('a@east', v('1'), v('1'), v('1')), nodeAt('b@west', v('2'))]);
    expect(placed(v('2', spread({ matchLabelKeys: ['version'] })), cluster)).toBe('a');
    expect(placed(v('2', spread({})), cluster)).toBe('b');
  });

  it('meets every constraint', () => {
    const both = spread({}, { topologyKey: 'kubernetes.io/hostname' });
    const cluster = clusterOf([nodeAt('a@east', web()), nodeAt('b@east'), nodeAt('c@west', web())]);
    expect(placed(web(both), cluster)).toBe('b');
  });
});

describe('a pod that would rather be spread', () => {
  const soft = (over: Partial<TopologySpreadConstraint> = {}) =>
    spread({ whenUnsatisfiable: 'ScheduleAnyway', ...over });

  it('goes to the emptier place, room or not', () => {
    const crowd = Array.from({ length: 10 }, () => labelled({ app: 'crowd' }));
    expect(placed(web(soft()), clusterOf([nodeAt('a@east', ...webs(3)), nodeAt('b@west', web(), ...crowd)]))).toBe('b');
  });

  it('goes anywhere rather than nowhere, to a node without the label last', () => {
    expect(placed(web(soft()), clusterOf([nodeAt('a', web())]))).toBe('a');
    expect(
      placed(web(soft()), clusterOf([nodeAt('a'), nodeAt('b@east', ...webs(5)), nodeAt('c@west', ...webs(4))])),
    ).toBe('c');
  });
});

function leaving() {
  const pod = web();
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
}
function full(node: ReturnType<typeof nodeAt>) {
  node.update({ ...node.node, status: { allocatable: { cpu: '0', pods: '110' } } as never });
  return node;
}
