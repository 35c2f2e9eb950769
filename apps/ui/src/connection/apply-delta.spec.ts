import type { OverviewDelta } from '@kubernest/live';
import { describe, expect, it } from 'vitest';
import { applyDelta, emptyOverview } from './apply-delta.ts';

const row = (key: string, ready = true) => ({ key, ready }) as never;

describe('applyDelta', () => {
  it('sets, replaces and removes rows by key', () => {
    const first = applyDelta(emptyOverview, {
      nodes: { state: 'ready', total: 2, counts: { well: 2 }, reset: true, set: [row('a'), row('b')], removed: [] },
    } as OverviewDelta);
    const then = applyDelta(first, {
      nodes: { state: 'ready', total: 1, counts: { well: 0 }, set: [row('b', false)], removed: ['a'] },
    } as OverviewDelta);
    expect([...then.nodes.rows.values()]).toEqual([row('b', false)]);
    expect(then.nodes).toMatchObject({ total: 1, counts: { well: 0 } });
    expect([...first.nodes.rows.keys()]).toEqual(['a', 'b']);
  });

  it('forgets what a connection before this one said', () => {
    const old = applyDelta(emptyOverview, {
      pods: { state: 'ready', total: 1, counts: {}, set: [row('x/old')], removed: [] },
    } as OverviewDelta);
    const fresh = applyDelta(old, {
      pods: {
        state: 'denied',
        message: 'you may not list pods',
        total: 0,
        counts: {},
        reset: true,
        set: [],
        removed: [],
      },
    });
    expect(fresh.pods).toMatchObject({ state: 'denied', message: 'you may not list pods' });
    expect(fresh.pods.rows.size).toBe(0);
  });

  it('leaves sections that did not change as they are', () => {
    expect(applyDelta(emptyOverview, {}).events).toBe(emptyOverview.events);
  });
});
