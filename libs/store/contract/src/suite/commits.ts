import { describe, expect, it } from 'vitest';
import { MAX_TRANSACTION_BYTES } from '../checks.ts';
import { FencedError, TooLargeError } from '../store.ts';
import { bytes, ctx, type Open, put, remove, revisionOf, text, withStore, write } from './fixture.ts';

export function describeCommits(open: Open): void {
  describe('commit', () => {
    describeConditions(open);
    describeTransactions(open);
    describeSizes(open);
    describeFences(open);
  });
}

function describeConditions(open: Open): void {
  it(
    'creates only what is absent and says what is there',
    withStore(open, async ({ store }) => {
      const create = (value: string) =>
        store.commit({ conditions: [{ key: '/a', revision: 0 }], writes: [put('/a', value)] }, ctx);
      const revision = revisionOf(await create('first'));
      const again = await create('second');
      expect(again).toMatchObject({
        ok: false,
        failed: [{ key: '/a', entry: { revision, createRevision: revision } }],
      });
      expect(!again.ok && text(again.failed[0]?.entry?.value)).toBe('first');
      expect(text((await store.get('/a', ctx)).entry?.value)).toBe('first');
    }),
  );

  it(
    'compares and sets',
    withStore(open, async ({ store }) => {
      const created = await write(store, put('/a', '1'));
      const update = (revision: number, value: string) =>
        store.commit({ conditions: [{ key: '/a', revision }], writes: [put('/a', value)] }, ctx);
      const updated = revisionOf(await update(created, '2'));
      expect(updated).toBeGreaterThan(created);
      expect((await update(created, '3')).ok).toBe(false);
      const { entry } = await store.get('/a', ctx);
      expect(entry).toMatchObject({ key: '/a', revision: updated, createRevision: created });
      expect(text(entry?.value)).toBe('2');
    }),
  );

  it(
    'lets exactly one of many racing writers win each revision',
    withStore(open, async ({ store }) => {
      let revision = await write(store, put('/counter', '0'));
      for (let round = 0; round < 5; round++) {
        const results = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            store.commit({ conditions: [{ key: '/counter', revision }], writes: [put('/counter', `${i}`)] }, ctx),
          ),
        );
        const winners = results.filter((result) => result.ok);
        expect(winners).toHaveLength(1);
        revision = winners[0]!.revision;
      }
    }),
  );

  it(
    'names every condition that differs, absent keys too',
    withStore(open, async ({ store }) => {
      const a = await write(store, put('/a'));
      const result = await store.commit(
        {
          conditions: [
            { key: '/a', revision: a },
            { key: '/b', revision: 99 },
            { key: '/a', revision: 0 },
          ],
          writes: [put('/c')],
        },
        ctx,
      );
      expect(result.ok).toBe(false);
      if (result.ok) return;
      expect(result.failed.map(({ key, entry }) => [key, entry?.revision])).toEqual([
        ['/b', undefined],
        ['/a', a],
      ]);
    }),
  );
}

function describeTransactions(open: Open): void {
  it(
    'writes all of a transaction under new revisions, or none',
    withStore(open, async ({ store }) => {
      const before = await store.currentRevision(ctx);
      const first = await write(store, put('/a'), put('/b'), put('/c'));
      const { entries, revision } = await store.list('/', {}, ctx);
      expect(entries.map(({ key }) => key)).toEqual(['/a', '/b', '/c']);
      expect(entries[0]!.revision).toBe(first);
      for (const entry of entries) expect(entry.revision > before && entry.revision <= revision).toBe(true);
      const refused = await store.commit(
        { conditions: [{ key: '/b', revision: 0 }], writes: [put('/a', 'x'), remove('/c')] },
        ctx,
      );
      expect(refused.ok).toBe(false);
      expect((await store.list('/', {}, ctx)).entries).toEqual(entries);
    }),
  );

  it(
    'makes no revision of a delete of nothing, and begins a new life after a delete',
    withStore(open, async ({ store }) => {
      const first = await write(store, put('/a'));
      const present = await store.currentRevision(ctx);
      await write(store, remove('/b'));
      expect(await store.currentRevision(ctx)).toBe(present);
      const deleted = await write(store, remove('/a'));
      expect(deleted).toBeGreaterThan(first);
      expect((await store.get('/a', ctx)).entry).toBeUndefined();
      const again = await write(store, put('/a'));
      expect((await store.get('/a', ctx)).entry).toMatchObject({ revision: again, createRevision: again });
    }),
  );

  it(
    'keeps any bytes and any key',
    withStore(open, async ({ store }) => {
      const every = Uint8Array.from({ length: 256 }, (_, i) => i);
      const large = new Uint8Array(1024 * 1024).fill(7);
      const key = '/ü/日本/😀/a b%';
      await store.commit(
        {
          conditions: [],
          writes: [
            { op: 'put', key, value: every },
            { op: 'put', key: '/empty', value: new Uint8Array(0) },
            { op: 'put', key: '/large', value: large },
          ],
        },
        ctx,
      );
      expect(Buffer.compare((await store.get(key, ctx)).entry!.value, every)).toBe(0);
      expect((await store.get('/empty', ctx)).entry!.value).toHaveLength(0);
      expect(Buffer.compare((await store.get('/large', ctx)).entry!.value, large)).toBe(0);
    }),
  );

  it.each([
    ['an empty key', [put('')]],
    ['half a surrogate pair', [put('/\ud800')]],
    ['two writes of one key', [put('/a'), remove('/a')]],
    ['an expiry of 0', [{ op: 'put' as const, key: '/a', value: bytes(''), expiresInSeconds: 0 }]],
  ])('refuses %s', (_, writes) =>
    withStore(open, async ({ store }) => {
      await expect(store.commit({ conditions: [], writes }, ctx)).rejects.toThrow(TypeError);
      expect((await store.list('', {}, ctx)).entries).toEqual([]);
    })(),
  );
}

function describeSizes(open: Open): void {
  const zeros = (key: string, length: number) => ({ op: 'put' as const, key, value: new Uint8Array(length) });

  it(
    'takes values of nearly 1.5 MiB',
    withStore(open, async ({ store }) => {
      await store.commit({ conditions: [], writes: [zeros('/a', MAX_TRANSACTION_BYTES)] }, ctx);
      expect((await store.get('/a', ctx)).entry!.value).toHaveLength(MAX_TRANSACTION_BYTES);
    }),
  );

  it.each([
    ['a larger value', [zeros('/a', MAX_TRANSACTION_BYTES + 1)]],
    ['values that are larger together', [zeros('/a', MAX_TRANSACTION_BYTES), zeros('/b', 1)]],
  ])('refuses %s and goes on', (_, writes) =>
    withStore(open, async ({ store }) => {
      await expect(store.commit({ conditions: [], writes }, ctx)).rejects.toThrow(TooLargeError);
      await store.commit({ conditions: [], writes: [put('/c')] }, ctx);
      expect((await store.list('', {}, ctx)).entries.map(({ key }) => key)).toEqual(['/c']);
    })(),
  );
}

function describeFences(open: Open): void {
  it(
    'refuses a write whose fence is out of date',
    withStore(open, async ({ store }) => {
      const fenced = (token: string) =>
        store.commit({ conditions: [], writes: [put('/a', token)], fence: { key: '/lease', token } }, ctx);
      await expect(fenced('1')).rejects.toThrow(FencedError);
      await write(store, put('/lease', '1'));
      expect((await fenced('1')).ok).toBe(true);
      await write(store, put('/lease', '2'));
      await expect(fenced('1')).rejects.toThrow(FencedError);
      expect(text((await store.get('/a', ctx)).entry?.value)).toBe('1');
      expect((await fenced('2')).ok).toBe(true);
    }),
  );
}
