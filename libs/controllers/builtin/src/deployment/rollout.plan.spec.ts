import type { ReplicaSet } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { type DeploymentFacts, deploymentOf, type SetFacts, setOf } from './deployment.fixture.ts';
import { bounds } from './replica-set-math.ts';
import { isScaling, newSetSize, planScale, planShrink, type Resize } from './rollout.plan.ts';

const sizes = (resizes: readonly Resize[]) => Object.fromEntries(resizes.map(({ set, to }) => [set.metadata.uid, to]));
const old = (replicas: number, over: Partial<SetFacts> = {}): ReplicaSet =>
  setOf({ image: 'old', age: 60, replicas, ...over });
const current = (replicas: number, available = replicas): ReplicaSet => setOf({ image: 'new', replicas, available });

describe('bounds', () => {
  it.each<[DeploymentFacts, number, number]>([
    [{ replicas: 10 }, 3, 2],
    [{ replicas: 4 }, 1, 1],
    [{ replicas: 1 }, 1, 0],
    [{ replicas: 3, surge: '34%', unavailable: '34%' }, 2, 1],
    [{ replicas: 10, surge: 1, unavailable: 0 }, 1, 0],
    [{ replicas: 10, surge: 0, unavailable: 0 }, 0, 1],
    [{ replicas: 3, surge: '0%', unavailable: '10%' }, 0, 1],
    [{ replicas: 2, surge: 0, unavailable: 5 }, 0, 2],
    [{ replicas: 0, surge: 0, unavailable: 0 }, 0, 0],
    [{ replicas: 10, surge: '100%', unavailable: '100%' }, 10, 10],
    [{ replicas: 10, recreate: true }, 0, 0],
  ])('of %j: %d more, %d fewer', (facts, surge, unavailable) => {
    expect(bounds(deploymentOf(facts))).toEqual({ surge, unavailable });
  });
});

describe('newSetSize', () => {
  it.each<[string, DeploymentFacts, ReplicaSet | undefined, ReplicaSet[], number]>([
    ['a first set is whole at once', { replicas: 5 }, undefined, [], 5],
    ['a new one starts with what may be too many', { replicas: 10, surge: 3 }, undefined, [old(10)], 3],
    ['it starts with nothing when there are too many already', { replicas: 10, surge: 3 }, undefined, [old(13)], 0],
    ['it takes what old ones gave', { replicas: 10, surge: 3 }, current(3), [old(8)], 5],
    ['it does not grow beyond the wanted', { replicas: 10, surge: 3 }, current(9), [old(1)], 10],
    ['it never shrinks for old ones', { replicas: 10, surge: 3 }, current(5), [old(10)], 5],
    ['it shrinks to the wanted', { replicas: 4 }, current(10), [], 4],
    ['Recreate has all at once', { replicas: 4, recreate: true }, undefined, [old(0)], 4],
  ])('%s', (_what, facts, set, others, size) => {
    expect(newSetSize(deploymentOf(facts), set, others)).toBe(size);
  });
});

describe('planShrink', () => {
  it.each<[string, DeploymentFacts, ReplicaSet, ReplicaSet[], Record<string, number>]>([
    ['as many as may be missing', { replicas: 10, surge: 3, unavailable: 2 }, current(0), [old(10)], { old: 8 }],
    [
      'none while the new ones are not available',
      { replicas: 10, surge: 3, unavailable: 2 },
      current(5, 0),
      [old(8)],
      {},
    ],
    [
      'one for each that became available',
      { replicas: 10, surge: 3, unavailable: 2 },
      current(5, 2),
      [old(8)],
      { old: 6 },
    ],
    ['none where none may be missing', { replicas: 3, surge: 1, unavailable: 0 }, current(1, 0), [old(3)], {}],
    ['the last', { replicas: 3, surge: 1, unavailable: 0 }, current(3), [old(1)], { old: 0 }],
    [
      'first those that do not work',
      { replicas: 3, surge: 1, unavailable: 1 },
      current(1, 0),
      [setOf({ image: 'older', age: 120, replicas: 2 }), old(1, { available: 0 })],
      { old: 0 },
    ],
    [
      'then the oldest set',
      { replicas: 10, surge: 0, unavailable: 3 },
      current(0),
      [old(8), setOf({ image: 'older', age: 120, replicas: 2 })],
      { older: 0, old: 7 },
    ],
    [
      'no more than its size, where its status is late',
      { replicas: 10, surge: 3, unavailable: 2 },
      current(5, 2),
      [old(8, { available: 10 })],
      { old: 6 },
    ],
  ])('gives up %s', (_what, facts, set, others, expected) => {
    expect(sizes(planShrink(deploymentOf(facts), set, others))).toEqual(expected);
  });
});

describe('a new size in the middle of a rollout', () => {
  const was = (replicas: number, facts: DeploymentFacts = {}) =>
    deploymentOf({ replicas, surge: 3, unavailable: 2, ...facts });
  const sized = (replicas: number) => ({
    old: (size: number) => setOf({ image: 'old', age: 60, replicas: size, sizedFor: was(replicas) }),
    new: (size: number, available = 0) => setOf({ image: 'new', replicas: size, available, sizedFor: was(replicas) }),
  });

  it.each<[string, number, number, [number, number], Record<string, number>]>([
    ['up: shared by size', 10, 15, [8, 5], { old: 11, new: 7 }],
    ['up: to three times', 10, 30, [8, 5], { old: 20, new: 13 }],
    ['down: shared by size', 10, 5, [8, 5], { old: 5, new: 3 }],
    ['up by one: the largest', 10, 11, [8, 5], { old: 9, new: 5 }],
    ['of equal sets the newer grows', 10, 11, [5, 5], { old: 5, new: 9 }],
    ['to nothing', 10, 0, [8, 5], { old: 0, new: 0 }],
    ['from a rollout that has room left', 10, 20, [10, 0], { old: 20 }],
  ])('%s', (_what, from, to, [oldSize, newSize], expected) => {
    const sets = sized(from);
    const deployment = was(to, { status: { replicas: oldSize + newSize } });
    const before = [sets.old(oldSize)];
    expect(isScaling(deployment, [...before, sets.new(newSize)])).toBe(true);
    expect(sizes(planScale(deployment, sets.new(newSize), before))).toEqual(expected);
  });

  it('adds up to the whole, whatever the sizes', () => {
    for (const to of [0, 1, 2, 7, 13, 14, 50]) {
      const sets = sized(10);
      const planned = planScale(was(to), sets.new(4), [
        sets.old(6),
        setOf({ image: 'mid', age: 30, replicas: 3, sizedFor: was(10) }),
      ]);
      const total = planned.reduce((sum, resize) => sum + resize.to, 0);
      expect(total, `scaled to ${to}`).toBe(to === 0 ? 0 : to + 3);
    }
  });

  it('empties old sets when the new one is whole', () => {
    const sets = sized(3);
    expect(sizes(planScale(was(3), sets.new(3, 3), [sets.old(2)]))).toEqual({ old: 0 });
  });

  it('goes to the only running set, or to the newest where none runs', () => {
    const sets = sized(3);
    expect(sizes(planScale(was(5), sets.new(0), [sets.old(3)]))).toEqual({ old: 5 });
    expect(sizes(planScale(was(5), undefined, [sets.old(0), setOf({ image: 'newer', replicas: 0 })]))).toEqual({
      newer: 5,
    });
  });

  it('is told by the size that the running sets were made for', () => {
    const sets = sized(3);
    expect(isScaling(was(3), [sets.old(3)])).toBe(false);
    expect(isScaling(was(4), [sets.old(0)])).toBe(false);
    expect(isScaling(was(4), [setOf({ image: 'foreign', replicas: 3 })])).toBe(false);
  });

  it('leaves a Recreate rollout to its end', () => {
    const sets = sized(3);
    expect(planScale(deploymentOf({ recreate: true, replicas: 5 }), sets.new(1), [sets.old(2)])).toEqual([]);
  });
});
