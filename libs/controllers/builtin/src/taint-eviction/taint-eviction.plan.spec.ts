import type { Pod } from '@kubernest/kinds';
import type { Taint, Toleration } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import { planEviction } from './taint-eviction.plan.ts';

const now = new Date('2026-01-01T00:01:00Z');
const taint = (over: Partial<Taint> = {}): Taint =>
  ({ key: 'gone', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z', ...over }) as Taint;
const pod = (...tolerations: Toleration[]): Pod =>
  ({ metadata: { name: 'p' }, spec: { containers: [], tolerations } }) as unknown as Pod;
const forSeconds = (tolerationSeconds?: number): Toleration => ({
  key: 'gone',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});

describe('planEviction', () => {
  it.each<[string, Pod, Taint[], ReturnType<typeof planEviction>]>([
    ['nothing on the node', pod(), [], 'never'],
    ['a taint of another effect', pod(), [taint({ effect: 'NoSchedule' })], 'never'],
    ['a taint it does not tolerate', pod(), [taint()], { after: 0 }],
    ['a taint it tolerates for good', pod(forSeconds()), [taint()], 'never'],
    ['a taint it tolerates for a while longer', pod(forSeconds(300)), [taint()], { after: 240_000 }],
    ['a taint whose time has passed', pod(forSeconds(30)), [taint()], { after: 0 }],
    ['the shorter of two times', pod(forSeconds(300), forSeconds(90)), [taint()], { after: 30_000 }],
    ['one of two taints untolerated', pod(forSeconds()), [taint(), taint({ key: 'other' })], { after: 0 }],
  ])('%s', (_what, object, taints, expected) => {
    expect(planEviction(object, taints, now)).toEqual(expected);
  });

  it('does not remove twice', () => {
    const leaving = { ...pod(), metadata: { name: 'p', deletionTimestamp: '2026-01-01T00:00:30Z' } } as Pod;
    expect(planEviction(leaving, [taint()], now)).toBe('never');
  });
});
