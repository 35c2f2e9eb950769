import { CacheEntry } from '@kubernest/apiserver/codec';
import { describe, expect, it } from 'vitest';
import { EventHistory } from './event-history.ts';
import type { CacheEvent } from './resource-cache.ts';

function change(revision: number, size = 10): CacheEvent {
  const entry = new CacheEntry({
    key: '/registry/core/x/a',
    revision,
    bytes: Buffer.alloc(size),
    namespace: '',
    name: 'a',
  });
  return { type: 'MODIFIED', revision, entry, old: undefined };
}

function historyOf(limits: { readonly events: number; readonly bytes: number }, changes: readonly CacheEvent[]) {
  const history = new EventHistory(limits);
  for (const one of changes) history.add(one);
  return history;
}
const revisions = (events: readonly CacheEvent[] | undefined) => events?.map((event) => event.revision);
const upTo = (count: number, size?: number) => Array.from({ length: count }, (_, i) => change(i + 1, size));

describe('a history', () => {
  const history = historyOf({ events: 8, bytes: 1000 }, upTo(8));

  it.each([
    [0, [1, 2, 3, 4, 5, 6, 7, 8]],
    [5, [6, 7, 8]],
    [8, []],
    [99, []],
  ])('tells what came after %i', (after, expected) => {
    expect(revisions(history.since(after))).toEqual(expected);
  });

  it.each([
    ['many', upTo(9), 2, [3, 4, 5, 6, 7, 8, 9]],
    ['large', upTo(3, 400), 1, [2, 3]],
    ['larger than all there is room for', [change(1), change(2, 1001)], 2, []],
  ])(
    'lets the oldest go when changes are %s, and does not tell those who would need them',
    (_, changes, kept, left) => {
      const full = historyOf({ events: 8, bytes: 1000 }, changes);
      expect(revisions(full.since(kept))).toEqual(left);
      expect(full.since(kept - 1)).toBeUndefined();
      expect(full.begin).toBe(kept);
    },
  );

  it('never holds more than its limits however long it goes on', () => {
    const long = new EventHistory({ events: 1000, bytes: 1000 });
    for (let revision = 1; revision <= 500; revision++) {
      long.add(change(revision, 1 + (revision % 90)));
      const all = everythingIn(long, revision);
      expect(all.reduce((sum, { entry }) => sum + entry.bytes.length, 0)).toBeLessThanOrEqual(1000);
    }
  });

  it('that begins anew has nothing from before', () => {
    const anew = historyOf({ events: 8, bytes: 1000 }, upTo(3));
    anew.beginAt(5);
    expect(anew.since(4)).toBeUndefined();
    expect(anew.since(5)).toEqual([]);
  });
});

/** All that it still tells. */
function everythingIn(history: EventHistory, last: number): readonly CacheEvent[] {
  for (let after = 0; after <= last; after++) {
    const events = history.since(after);
    if (events) return events;
  }
  return [];
}
