import type { Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { UnseenWrites } from './unseen.ts';

const pod = (name: string, over: object = {}): Pod => ({ metadata: { name, uid: `uid-${name}`, ...over } });

const made = (unseen: UnseenWrites, owner: string, now = 1) => unseen.asOf(owner, now).made.size;
const isDeleted = (unseen: UnseenWrites, uid: string, now = 1) => unseen.asOf('web', now).deleted.has(uid);

describe('what the cache does not show yet', () => {
  it('counts pods that were made until they are seen', () => {
    const unseen = new UnseenWrites();
    for (const name of ['a', 'b', 'c']) unseen.made('web', name, 0);
    unseen.made('other', 'x', 0);
    expect(made(unseen, 'web', 1)).toBe(3);
    unseen.saw('web', pod('a'));
    unseen.saw('web', pod('a'));
    unseen.saw('web', pod('stranger'));
    unseen.notMade('web', 'b');
    expect(made(unseen, 'web', 1)).toBe(1);
    unseen.forgetOwner('web');
    expect([made(unseen, 'web', 1), made(unseen, 'other', 1)]).toEqual([0, 1]);
  });

  it('notes a name once: a second write that drew it has nothing to take back', () => {
    const unseen = new UnseenWrites();
    expect([unseen.made('web', 'a', 0), unseen.made('web', 'a', 0), unseen.made('other', 'a', 0)]).toEqual([
      true,
      false,
      true,
    ]);
    unseen.saw('web', pod('a'));
    expect(unseen.made('web', 'a', 0)).toBe(true);
  });

  it('knows pods that were deleted until the cache says so itself', () => {
    const unseen = new UnseenWrites();
    unseen.deleted('uid-a', 0);
    unseen.deleted('uid-b', 0);
    unseen.saw('web', pod('a'));
    unseen.notDeleted('uid-b');
    expect([isDeleted(unseen, 'uid-a', 1), isDeleted(unseen, 'uid-b', 1)]).toEqual([true, false]);
    unseen.saw('web', pod('a', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect(isDeleted(unseen, 'uid-a', 1)).toBe(false);
  });

  it('is of one moment, whatever is seen later', () => {
    const unseen = new UnseenWrites();
    unseen.made('web', 'a', 0);
    unseen.deleted('uid-b', 0);
    const before = unseen.asOf('web', 1);
    unseen.saw('web', pod('a'));
    unseen.saw('web', pod('b', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect([[...before.made], [...before.deleted]]).toEqual([['a'], ['uid-b']]);
  });

  it('gives up after five minutes: the watch that would have told was lost', () => {
    const unseen = new UnseenWrites();
    unseen.made('web', 'a', 0);
    unseen.deleted('uid-b', 0);
    expect([made(unseen, 'web', 300_000), isDeleted(unseen, 'uid-b', 300_000)]).toEqual([1, true]);
    expect([made(unseen, 'web', 300_001), isDeleted(unseen, 'uid-b', 300_001)]).toEqual([0, false]);
  });
});
