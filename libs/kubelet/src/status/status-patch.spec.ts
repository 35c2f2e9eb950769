import { describe, expect, it } from 'vitest';
import type { PodCondition, PodStatus } from '../types.ts';
import { statusPatch } from './status-patch.ts';

const unready = { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'not yet' };
const ready = { type: 'Ready', status: 'True' };
const foreign = { type: 'example.com/open', status: 'True', reason: 'Said' };
const of = (...conditions: object[]): PodStatus => ({ conditions: conditions as PodCondition[] });

describe('the patch of a status', () => {
  it.each<[string, PodStatus | undefined, PodStatus, object | undefined]>([
    ['is nothing when nothing differs', of(unready), of(unready), undefined],
    ['is everything at first', undefined, of(unready), { conditions: [unready] }],
    ['leaves the conditions of others alone', of(foreign, unready), of(unready), undefined],
    [
      'takes back what a condition no longer says',
      of(unready),
      of(ready),
      { conditions: [{ ...ready, reason: null, message: null }] },
    ],
    [
      'says which addresses are gone',
      { podIPs: [{ ip: '10.0.0.1' }] },
      { podIPs: [{ ip: '10.0.0.2' }] },
      { podIPs: [{ $patch: 'delete', ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
    ],
  ])('%s', (_, before, after, patch) => {
    expect(statusPatch(before, after)).toEqual(patch);
  });
});
