import type { Entry } from '@kubernest/store/contract';
import { expect, it } from 'vitest';
import { ListBetween, type RangeQuery } from './list-between.ts';
import { placeOf, revisionOf } from './revisions.ts';

const MAIN = 9;
const value = new Uint8Array();

/** etcd's two states, before and after the transactions that it committed together as its revision 9. */
function etcdWith(before: readonly string[], after: readonly string[]) {
  let read = 0;
  const states = new Map([
    [MAIN - 1, before],
    [MAIN, after],
  ]);
  const range = async ({ after: above, at, limit = 0, createdSince = 0 }: RangeQuery) => {
    const keys = states
      .get(at)!
      .filter((key) => above === undefined || key > above)
      .filter((key) => createdSince === 0 || !before.includes(key))
      .toSorted();
    const entries = keys
      .slice(0, limit || keys.length)
      .map((key): Entry => ({ key, value, revision: 1, createRevision: 1 }));
    read += entries.length;
    return { entries, count: keys.length };
  };
  return { range, read: () => read };
}

const all = Array.from({ length: 500 }, (_, i) => `/t/${String(i).padStart(3, '0')}`);
const created = all.filter((_, i) => i % 7 === 3);
const deleted = all.filter((_, i) => i % 11 === 5 && i % 7 !== 3);

it.each([
  ['created and deleted', all.filter((key) => !created.includes(key)), all.filter((key) => !deleted.includes(key))],
  ['created', all.filter((key) => !created.includes(key)), all],
  ['deleted', all, all.filter((key) => !deleted.includes(key))],
])('keys that are %s together are there page by page as of each of their revisions', async (_what, before, after) => {
  const changed = all.filter((key) => before.includes(key) !== after.includes(key));
  const places = [...new Set(changed.map(placeOf))].toSorted((a, b) => a - b).filter((_, i) => i % 9 === 0);
  for (const place of places) {
    const revision = MAIN * 4096 + place;
    const isIn = (key: string) => (revisionOf(MAIN, key) <= revision ? after : before).includes(key);
    const expected = all.filter(isIn);
    const { range } = etcdWith(before, after);
    const list = new ListBetween(range, revision, 50);
    expect((await list.list({})).entries.map(({ key }) => key)).toEqual(expected);
    const [, , tenth] = expected;
    const page = await list.list({ limit: 60, ...(tenth && { after: tenth }) });
    expect(page.entries.map(({ key }) => key)).toEqual(expected.slice(3, 63));
    expect(page.remaining).toBe(Math.max(0, expected.length - 63));
    const uncounted = await list.list({ limit: 60, ...(tenth && { after: tenth }), uncounted: true });
    expect(uncounted.remaining).toBe(Math.min(1, page.remaining));
    expect((await list.list({ countOnly: true })).remaining).toBe(expected.length);
  }
});

it('reads no more than its page where nothing was deleted', async () => {
  const before = all.slice(1);
  const { range, read } = etcdWith(before, all);
  await new ListBetween(range, MAIN * 4096 + placeOf(all[0]!), 50).list({ limit: 10 });
  expect(read()).toBeLessThan(25);
});
