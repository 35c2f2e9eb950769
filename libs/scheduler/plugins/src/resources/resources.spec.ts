import type { Container, PodSpec } from '@kubernest/api-types/core/v1';
import { atOnce } from '@kubernest/meta';
import { type NodeState, podRequests } from '@kubernest/scheduler/engine';
import { describe, expect, it } from 'vitest';
import { asking, clusterOf, node, pod, reasons } from '../placing.fixture.ts';
import { resources } from './resources.plugin.ts';

const asks = (requests: Record<string, string>): Container =>
  ({ name: 'c', resources: { requests } }) as unknown as Container;
const sidecar = (requests: Record<string, string>): Container => ({ ...asks(requests), restartPolicy: 'Always' });

describe('resources', () => {
  it.each([
    ['what fits', { cpu: '1500m', memory: '1Gi' }, []],
    ['too much cpu', { cpu: '2001m' }, ['Insufficient cpu']],
    ['too much of two', { cpu: '3', memory: '5Gi' }, ['Insufficient cpu', 'Insufficient memory']],
    ['what the node has never heard of', { 'example.com/gpu': '1' }, ['Insufficient example.com/gpu']],
    ['nothing', {}, []],
  ])('answers a pod that asks for %s', (_what, requests, expected) => {
    expect(reasons(resources, asking(requests as unknown as Record<string, string>), node())).toEqual(expected);
  });

  it('counts the pods that are there, and their number', () => {
    const full = node({ pods: [asking({ cpu: '1' }, 'a'), asking({ cpu: '1' }, 'b'), asking({}, 'c')] });
    expect(reasons(resources, asking({ cpu: '1m' }), full)).toEqual(['Too many pods', 'Insufficient cpu']);
  });

  it('gives back what a removed pod had', () => {
    const state = node({ pods: [asking({ cpu: '2' }, 'a')] });
    state.remove('a');
    expect(reasons(resources, asking({ cpu: '2' }), state)).toEqual([]);
  });

  it('takes the larger of the init containers and the sum of the others, sidecars counted to both', () => {
    const p = pod({
      initContainers: [
        { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '500m' } } },
        { name: 'i', resources: { requests: { cpu: '1' } } },
      ],
      containers: [{ name: 'c', resources: { requests: { cpu: '900m' } } }],
    });
    expect(reasons(resources, p, node({ allocatable: { cpu: '1500m', pods: '9' } }))).toEqual([]);
    expect(reasons(resources, p, node({ allocatable: { cpu: '1499m', pods: '9' } }))).toEqual(['Insufficient cpu']);
  });

  it.each<[string, Partial<PodSpec>, Record<string, number>]>([
    ['nothing', {}, {}],
    [
      'its containers together',
      { containers: [asks({ cpu: '1' }), asks({ cpu: '500m', memory: '1Ki', 'example.com/gpu': '2' })] },
      { cpu: 1500, memory: 1024, 'example.com/gpu': 2 },
    ],
    [
      'its largest init container',
      { initContainers: [asks({ cpu: '2' }), asks({ cpu: '3' })], containers: [asks({ cpu: '1' })] },
      { cpu: 3000 },
    ],
    [
      'an init container beside the sidecars that were started before it, not those after',
      {
        initContainers: [sidecar({ cpu: '1' }), asks({ cpu: '3' }), sidecar({ cpu: '500m' })],
        containers: [asks({ cpu: '1' })],
      },
      { cpu: 4000 },
    ],
    [
      'its sidecars beside its containers',
      { initContainers: [sidecar({ cpu: '1' }), asks({ cpu: '1' })], containers: [asks({ cpu: '2' })] },
      { cpu: 3000 },
    ],
    [
      'its overhead on top',
      {
        overhead: { cpu: '250m', memory: '2Ki' },
        initContainers: [asks({ cpu: '3' })],
        containers: [asks({ cpu: '1' })],
      } as never,
      { cpu: 3250, memory: 2048 },
    ],
    [
      'what it asks for as a whole, in place of what its containers do',
      {
        resources: { requests: { cpu: '1', 'ephemeral-storage': '9' } },
        overhead: { cpu: '100m' },
        containers: [asks({ cpu: '2', memory: '1Ki', 'ephemeral-storage': '5' })],
      } as never,
      { cpu: 1100, memory: 1024, 'ephemeral-storage': 5 },
    ],
  ])('counts %s', (_what, spec, expected) => {
    expect(Object.fromEntries(podRequests(pod(spec)))).toEqual(expected);
  });

  it('prefers the emptier node even for pods that ask for nothing', () => {
    const p = asking({});
    const score = (n: NodeState): number => resources.score!(p, n, atOnce(resources.survey!(p, clusterOf([n]))!)!);
    expect(score(node())).toBeGreaterThan(score(node({ pods: [asking({}, 'a')] })));
  });
});
