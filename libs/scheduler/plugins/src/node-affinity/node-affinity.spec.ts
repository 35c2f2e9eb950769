import type { NodeSelectorTerm, PodSpec } from '@kubernest/api-types/core/v1';
import type { PodObject } from '@kubernest/scheduler/engine';
import { describe, expect, it } from 'vitest';
import { asking, clusterOf, node, placed, pod, reasons } from '../placing.fixture.ts';
import { nodeAffinity } from './node-affinity.plugin.ts';

describe('node-affinity', () => {
  const required = (matchExpressions: { key: string; operator: string; values?: string[] }[]): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  });
  it.each<[string, Partial<PodSpec>, boolean]>([
    ['a selector that matches', { nodeSelector: { zone: 'a' } }, true],
    ['a selector that does not', { nodeSelector: { zone: 'b' } }, false],
    ['In', required([{ key: 'zone', operator: 'In', values: ['a', 'b'] }]), true],
    ['NotIn', required([{ key: 'zone', operator: 'NotIn', values: ['a'] }]), false],
    ['Exists', required([{ key: 'disk', operator: 'Exists' }]), false],
    ['DoesNotExist', required([{ key: 'disk', operator: 'DoesNotExist' }]), true],
    ['Gt', required([{ key: 'cores', operator: 'Gt', values: ['3'] }]), true],
    ['Lt', required([{ key: 'cores', operator: 'Lt', values: ['4'] }]), false],
    ['an empty term', required([]), false],
  ])('honours %s', (_what, spec, fits) => {
    expect(reasons(nodeAffinity, pod(spec), node({ labels: { zone: 'a', cores: '4' } })).length === 0).toBe(fits);
  });

  it.each<[string, NodeSelectorTerm, boolean]>([
    ['its name', { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }, true],
    ['another name', { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }, false],
    ['not its name', { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n1'] }] }, false],
    [
      'its name and a label that it lacks',
      {
        matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
        matchExpressions: [{ key: 'disk', operator: 'Exists' }],
      },
      false,
    ],
  ])('honours fields: %s', (_what, term, fits) => {
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    };
    expect(reasons(nodeAffinity, pod({ affinity }), node()).length === 0).toBe(fits);
  });

  it('takes terms as alternatives, and asks for the selector as well', () => {
    const zones = (...names: string[]) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: names.map((name) => ({
            matchExpressions: [{ key: 'zone', operator: 'In', values: [name] }],
          })),
        },
      },
    });
    const there = node({ labels: { zone: 'a' } });
    expect(reasons(nodeAffinity, pod({ affinity: zones('b', 'a') }), there)).toEqual([]);
    expect(reasons(nodeAffinity, pod({ affinity: zones('b', 'a'), nodeSelector: { disk: 'ssd' } }), there)).toEqual([
      "node(s) didn't match Pod's node affinity/selector",
    ]);
    expect(reasons(nodeAffinity, pod({ affinity: zones() }), there)).toHaveLength(1);
  });

  it('prefers by weight, and a light preference still outweighs room', () => {
    const prefers = (weight: number, zone: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] },
    });
    const p = pod({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [prefers(1, 'a'), prefers(70, 'b'), prefers(30, 'b')],
        },
      },
    });
    const zone = (name: string, pods: PodObject[] = []) => node({ name: name, labels: { zone: name }, pods });
    expect(placed(p, clusterOf([zone('a'), zone('b')]))).toBe('b');
    expect(placed(p, clusterOf([zone('c'), zone('a', [asking({ cpu: '1' }, 'x')])]))).toBe('a');
  });
});
