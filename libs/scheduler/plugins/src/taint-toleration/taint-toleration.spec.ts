import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import { describe, expect, it } from 'vitest';
import { clusterOf, node, placed, pod, reasons } from '../placing.fixture.ts';
import { taintToleration } from './taint-toleration.plugin.ts';

describe('taint-toleration', () => {
  const taint: Taint = { key: 'a', value: 'b', effect: 'NoSchedule' };
  it.each<[string, Toleration[], boolean]>([
    ['nothing', [], false],
    ['the very taint', [{ key: 'a', value: 'b', effect: 'NoSchedule' }], true],
    ['its key', [{ key: 'a', operator: 'Exists' }], true],
    ['everything', [{ operator: 'Exists' }], true],
    ['another value', [{ key: 'a', value: 'c' }], false],
    ['another effect', [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }], false],
  ])('lets a pod that tolerates %s on: %s → %s', (_what, tolerations, fits) => {
    const expected = fits ? [] : ['node(s) had untolerated taint(s)'];
    expect(reasons(taintToleration, pod({ tolerations }), node({ spec: { taints: [taint] } }))).toEqual(expected);
  });

  it('only prefers other nodes for a soft taint, those with the fewest', () => {
    const soft = (...keys: string[]) =>
      node({ name: keys.join('+'), spec: { taints: keys.map((key) => ({ key, effect: 'PreferNoSchedule' })) } });
    expect(reasons(taintToleration, pod({}), soft('a'))).toEqual([]);
    expect(placed(pod({}), clusterOf([soft('a', 'b'), soft('c')]))).toBe('c');
    const tolerations = ['b', 'a'].map((key) => ({ key, operator: 'Exists' }));
    expect(placed(pod({ tolerations }), clusterOf([soft('c'), soft('a', 'b')]))).toBe('a+b');
  });
});
