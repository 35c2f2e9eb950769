import { describe, expect, it } from 'vitest';
import { CompactedError, type ListOptions } from '../store.ts';
import { ctx, keysOf, type Open, put, remove, text, withStore, write } from './fixture.ts';

export function describeLists(open: Open): void {
  describe('list', () => {
    describeOrder(open);
    describePages(open);
  });
}

function describeOrder(open: Open): void {
  it(
    'finds what starts with the prefix, in the order of the bytes',
    withStore(open, async ({ store }) => {
      const sorted = ['/a/', '/a/B', '/a/a', '/a/a/b', '/a/a0', '/a/ä', '/a/\ue000', '/a/\uffff', '/a/😀'];
      await write(store, ...[...sorted].reverse().map((key) => put(key)), put('/a'), put('/b'), put('/a0'));
      expect(keysOf((await store.list('/a/', {}, ctx)).entries)).toEqual(sorted);
      expect(keysOf((await store.list('/nothing', {}, ctx)).entries)).toEqual([]);
      expect((await store.list('', {}, ctx)).entries).toHaveLength(sorted.length + 3);
    }),
  );

  it(
    'starts with a revision above 0 and without entries',
    withStore(open, async ({ store }) => {
      const { entries, revision, remaining } = await store.list('/', {}, ctx);
      expect({ entries, remaining }).toEqual({ entries: [], remaining: 0 });
      expect(revision).toBeGreaterThan(0);
      expect(await store.currentRevision(ctx)).toBe(revision);
    }),
  );

  it(
    'counts without entries',
    withStore(open, async ({ store }) => {
      await write(store, put('/a/1'), put('/a/2'), put('/a/3'), put('/b'));
      expect(await store.list('/a/', { countOnly: true }, ctx)).toMatchObject({ entries: [], remaining: 3 });
      expect(await store.list('/a/', { countOnly: true, after: '/a/1' }, ctx)).toMatchObject({ remaining: 2 });
    }),
  );

  it(
    'gives keys without values, now and of the past',
    withStore(open, async ({ store }) => {
      const revision = await write(store, put('/a/1'), put('/a/2'), put('/a/3'));
      const whole = (await store.list('/a/', { revision }, ctx)).entries;
      await write(store, put('/a/1', 'new'), remove('/a/2'));
      const bare = async (options: ListOptions) =>
        (await store.list('/a/', { ...options, keysOnly: true }, ctx)).entries;
      expect((await bare({ revision })).map((entry) => ({ ...entry, value: text(entry.value) }))).toEqual(
        whole.map((entry) => ({ ...entry, value: '' })),
      );
      expect((await bare({})).map(({ key, value }) => key + text(value))).toEqual(['/a/1', '/a/3']);
    }),
  );

  it(
    'reads the past and refuses the future',
    withStore(open, async ({ store }) => {
      await write(store, put('/a', '1'), put('/b', '1'));
      const first = await store.currentRevision(ctx);
      await write(store, put('/a', '2'), remove('/b'), put('/c', '2'));
      const second = await store.currentRevision(ctx);
      const past = await store.list('/', { revision: first }, ctx);
      expect(past.entries.map((entry) => entry.key + text(entry.value))).toEqual(['/a1', '/b1']);
      expect(past.revision).toBe(first);
      expect(text((await store.get('/a', ctx, first)).entry?.value)).toBe('1');
      expect((await store.get('/b', ctx, second)).entry).toBeUndefined();
      await expect(store.list('/', { revision: second + 1000 * store.stride }, ctx)).rejects.toThrow(CompactedError);
      await expect(store.get('/a', ctx, second + 1000 * store.stride)).rejects.toThrow(CompactedError);
    }),
  );
}

function describePages(open: Open): void {
  it(
    'reads all pages at one revision while others write',
    withStore(open, async ({ store }) => {
      const keys = Array.from({ length: 25 }, (_, i) => `/p/${String(i).padStart(3, '0')}`);
      await write(store, ...keys.map((key) => put(key, 'old')), put('/q'));
      const seen: string[] = [];
      let page = await store.list('/p/', { limit: 10 }, ctx);
      const remaining = [page.remaining];
      const { revision } = page;
      for (;;) {
        seen.push(...page.entries.map((entry) => `${entry.key} ${text(entry.value)}`));
        if (page.remaining === 0) break;
        await write(store, put('/p/0005'), put(keys[seen.length]!, 'new'), remove(keys.at(-1)!), put('/p/999', 'new'));
        page = await store.list('/p/', { limit: 10, after: page.entries.at(-1)!.key, revision }, ctx);
        expect(page.revision).toBe(revision);
        remaining.push(page.remaining);
      }
      expect(seen).toEqual(keys.map((key) => `${key} old`));
      expect(remaining).toEqual([15, 5, 0]);
    }),
  );

  it(
    'says whether there are more without counting them',
    withStore(open, async ({ store }) => {
      const revision = await write(store, put('/a/1'), put('/a/2'), put('/a/3'), put('/a/4'), put('/b'));
      await write(store, remove('/a/4'));
      const isMore = async (options: ListOptions) =>
        (await store.list('/a/', { ...options, uncounted: true }, ctx)).remaining > 0;
      expect([await isMore({ limit: 1 }), await isMore({ limit: 3 })]).toEqual([true, false]);
      expect([await isMore({ limit: 1, revision }), await isMore({ limit: 3, revision })]).toEqual([true, true]);
      expect([await isMore({ limit: 4, revision }), await isMore({ revision })]).toEqual([false, false]);
      expect(await isMore({ limit: 1, after: '/a/2', revision })).toBe(true);
      expect(await isMore({ limit: 1, after: '/a/2' })).toBe(false);
    }),
  );

  it(
    'says that nothing remains when a page ends exactly at the end',
    withStore(open, async ({ store }) => {
      await write(store, put('/a/1'), put('/a/2'), put('/b'));
      expect((await store.list('/a/', { limit: 2 }, ctx)).remaining).toBe(0);
      expect(await store.list('/a/', { limit: 2, after: '/a/2' }, ctx)).toMatchObject({ entries: [], remaining: 0 });
    }),
  );
}
