import type { Deployment } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { countDeployments, countNodes, countPods } from './counts.plan.ts';
import { deploymentRow } from './rows.ts';
import type { NodeRow, PodRow } from './view.ts';

const deployment = (replicas: number, status: object, over: object = {}): Deployment =>
  ({
    metadata: { name: 'd', namespace: 'n', generation: 2 },
    spec: { replicas, ...over },
    status: { observedGeneration: 2, ...status },
  }) as Deployment;
const steady = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

describe('a deployment is in motion', () => {
  it.each<[string, boolean, Deployment]>([
    ['not when all its replicas are of its newest template and available', false, deployment(3, steady)],
    ['not when it wants none and has none', false, deployment(0, {})],
    ['while its controller has not seen its spec', true, deployment(3, { ...steady, observedGeneration: 1 })],
    ['while some are of an older template', true, deployment(3, { ...steady, updatedReplicas: 1 })],
    ['while some of an older template are left', true, deployment(3, { ...steady, replicas: 4 })],
    ['while some are not available', true, deployment(3, { ...steady, availableReplicas: 2 })],
    ['not while it is paused', false, deployment(3, { ...steady, updatedReplicas: 1 }, { paused: true })],
  ])('%s', (_, moving, each) => {
    expect(deploymentRow(each).moving).toBe(moving);
  });
});

describe('counts', () => {
  it('of roll-outs leave out what stands still', () => {
    const rows = [
      deployment(3, steady),
      deployment(1000, { updatedReplicas: 800, availableReplicas: 900 }),
      deployment(500, {}),
    ];
    expect(countDeployments(rows.map(deploymentRow))).toEqual({ moving: 2, done: 800, wanted: 1500 });
  });

  it('of nodes and pods are of all rows', () => {
    expect(countNodes([{ ready: true }, { ready: false }] as NodeRow[])).toEqual({ ready: 1 });
    expect(countPods(Array.from({ length: 2000 }, (_, i) => ({ well: i < 1 }) as PodRow))).toEqual({ well: 1 });
  });
});
