import type { Taint, Toleration } from '@kubernest/api-types/core/v1';
import type { Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { planEviction } from './taint-eviction.plan.ts';

const now = new Date('2026-01-01T00:01:00Z');
const taint = (over: Partial<Taint> = {}): Taint =>
  ({ key: 'gone', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z', ...over }) as Taint;
const pod = (...tolerations: Toleration[]): Pod =>
  ({ metadata: { name: 'p' }, spec: { containers: [], tolerations } }) as unknown as Pod;
const boundAt = (object: Pod, lastTransitionTime: string): Pod => ({
  ...object,
  status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime }] },
});
const forSeconds = (tolerationSeconds?: number, key = 'gone'): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
const undated = { timeAdded: undefined };
const firstSeen = () => new Date('2026-01-01T00:00:50Z');

describe('planEviction', () => {
  it.each<[string, Pod, Taint[], ReturnType<typeof planEviction>]>([
    ['nothing on the node', pod(), [], 'never'],
    ['a taint it does not tolerate', pod(), [taint()], { after: 0 }],
    ['a taint it tolerates for good', pod(forSeconds()), [taint()], 'never'],
    ['a taint it tolerates for a while longer', pod(forSeconds(300)), [taint()], { after: 240_000 }],
    ['a taint whose time has passed', pod(forSeconds(30)), [taint()], { after: 0 }],
    ['a taint tolerated for no time', pod(forSeconds(-1)), [taint()], { after: 0 }],
    [
      'two tolerations of one taint: the first counts',
      pod(forSeconds(300), forSeconds(90)),
      [taint()],
      { after: 240_000 },
    ],
    [
      'two taints: the shorter time counts',
      pod(forSeconds(300), forSeconds(90, 'other')),
      [taint(), taint({ key: 'other' })],
      { after: 30_000 },
    ],
    ['one of two taints untolerated', pod(forSeconds()), [taint(), taint({ key: 'other' })], { after: 0 }],
    ['a taint that says no time: since it was seen', pod(forSeconds(30)), [taint(undated)], { after: 20_000 }],
    [
      'a taint older than its coming: since it came',
      boundAt(pod(forSeconds(30)), '2026-01-01T00:00:45Z'),
      [taint()],
      { after: 15_000 },
    ],
    [
      'a taint younger than its coming: since the taint',
      boundAt(pod(forSeconds(90)), '2025-12-31T00:00:00Z'),
      [taint()],
      { after: 30_000 },
    ],
  ])('%s', (_what, object, taints, expected) => {
    expect(planEviction({ pod: object, taints, firstSeen, now })).toEqual(expected);
  });

  it('does not remove twice', () => {
    const leaving = { ...pod(), metadata: { name: 'p', deletionTimestamp: '2026-01-01T00:00:30Z' } } as Pod;
    expect(planEviction({ pod: leaving, taints: [taint()], firstSeen, now })).toBe('never');
  });
});
