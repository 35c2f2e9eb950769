import { describe, expect, it } from 'vitest';
import { FencedError, type Store, type Transaction } from '../store.ts';
import { bytes, ctx, type Open, put, Recorder, remove, text, withStore, write } from './fixture.ts';

/** Writes made at once, which stores may commit together: each must stay what it would have been alone. */
export function describeTogether(open: Open): void {
  describe('transactions made at once', () => {
    describeRevisions(open);
    describeIndependence(open);
  });
}

const names = Array.from({ length: 40 }, (_, i) => `/t/${String(i).padStart(2, '0')}`);

/** Creates, changes and deletes many keys, all of a kind at once. */
async function writeMany(store: Store): Promise<void> {
  await Promise.all(names.map((key) => write(store, put(key, 'old'))));
  await Promise.all(names.map((key, i) => write(store, i % 3 === 0 ? remove(key) : put(key, 'new'))));
}

/** All at a revision, page by page, each no longer than it may be, and nothing behind the last. */
async function pagesOf(store: Store, revision: number): Promise<readonly string[]> {
  const all: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await store.list('/t/', { limit: 7, revision, ...(after && { after }) }, ctx);
    all.push(...page.entries.map((entry) => `${entry.key} ${text(entry.value)}`));
    expect(page.entries.length).toBeLessThanOrEqual(7);
    if (page.remaining === 0) return all;
    expect(page.entries.length).toBe(7);
    after = page.entries.at(-1)!.key;
  }
}

function describeRevisions(open: Open): void {
  it(
    'never share a revision, so that a watch resumed after any of them has no gap and no repeat',
    withStore(open, async ({ store }) => {
      const start = await store.currentRevision(ctx);
      await writeMany(store);
      const last = await store.currentRevision(ctx);
      const whole = new Recorder(store, '/t/', start);
      await whole.reached(last);
      await whole.stop();
      const revisions = whole.story.map((line) => Number(line.split('@')[1]));
      expect(revisions).toHaveLength(2 * names.length);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      for (const [i, after] of revisions.entries()) {
        if (i % 4 !== 0) continue;
        const resumed = new Recorder(store, '/t/', after);
        await resumed.reached(last);
        await resumed.stop();
        expect(resumed.story).toEqual(whole.story.slice(i + 1));
      }
    }),
  );

  it(
    'can be read as of each of their revisions',
    withStore(open, async ({ store }) => {
      const start = await store.currentRevision(ctx);
      await writeMany(store);
      const watch = new Recorder(store, '/t/', start);
      await watch.reached(await store.currentRevision(ctx));
      await watch.stop();
      const state = new Map<string, string>();
      for (const event of watch.events) {
        const { key, revision } = event.type === 'put' ? event.entry : event;
        if (event.type === 'put') state.set(key, text(event.entry.value));
        else state.delete(key);
        const expected = names.filter((name) => state.has(name)).map((name) => `${name} ${state.get(name)}`);
        const { entries, revision: at } = await store.list('/t/', { revision }, ctx);
        expect(at).toBe(revision);
        expect(entries.map((entry) => `${entry.key} ${text(entry.value)}`)).toEqual(expected);
        expect(await pagesOf(store, revision)).toEqual(expected);
        const page = await store.list('/t/', { revision, after: names[9]!, limit: 5 }, ctx);
        const rest = expected.filter((line) => line.split(' ')[0]! > names[9]!);
        expect(page.entries.map((entry) => `${entry.key} ${text(entry.value)}`)).toEqual(rest.slice(0, 5));
        expect(page.remaining).toBe(Math.max(0, rest.length - 5));
        const bare = { revision, after: names[9]!, keysOnly: true, uncounted: true };
        const few = await store.list('/t/', { ...bare, limit: 5 }, ctx);
        expect(few.entries.map((entry) => [entry.key, entry.revision, text(entry.value)])).toEqual(
          page.entries.map((entry) => [entry.key, entry.revision, '']),
        );
        expect(few.remaining > 0).toBe(page.remaining > 0);
        const { entry } = await store.get(key, ctx, revision);
        expect(entry && text(entry.value)).toBe(state.get(key));
      }
    }),
  );
}

function describeIndependence(open: Open): void {
  it(
    'are refused one by one',
    withStore(open, async ({ store }) => {
      await write(store, put('/taken'), put('/gone'), put('/lease', '2'));
      const create = (key: string, more: Partial<Transaction> = {}) =>
        store.commit({ conditions: [{ key, revision: 0 }], writes: [put(key)], ...more }, ctx).then(
          (result) => (result.ok ? 'written' : `differs: ${result.failed[0]?.key}`),
          (error) => error.constructor,
        );
      const outcomes = await Promise.all([
        create('/a'),
        create('/taken'),
        create('/b', { fence: { key: '/lease', token: '1' } }),
        create('/c', { fence: { key: '/lease', token: '2' } }),
        create('/d', { conditions: [{ key: '/nothing', revision: 7 }] }),
        create('/e', { writes: [put('/e'), remove('/gone')] }),
        create('/f', { writes: [{ op: 'put', key: '/f', value: bytes('f'), expiresInSeconds: 600 }] }),
      ]);
      const refused = ['differs: /taken', FencedError, 'differs: /nothing'];
      expect(outcomes).toEqual(['written', refused[0], refused[1], 'written', refused[2], 'written', 'written']);
      const { entries } = await store.list('/', {}, ctx);
      expect(entries.map(({ key }) => key)).toEqual(['/a', '/c', '/e', '/f', '/lease', '/taken']);
    }),
  );

  it(
    'cannot both rely on what the other changes',
    withStore(open, async ({ store }) => {
      const only = (asked: string, written: string): Transaction => ({
        conditions: [{ key: asked, revision: 0 }],
        writes: [put(written)],
      });
      for (let round = 0; round < 10; round++) {
        const [x, y] = [`/x/${round}`, `/y/${round}`] as const;
        const results = await Promise.all([store.commit(only(x, y), ctx), store.commit(only(y, x), ctx)]);
        expect(results.filter((result) => result.ok)).toHaveLength(1);
      }
    }),
  );
}
