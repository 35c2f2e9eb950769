import { describe, expect, it } from 'vitest';
import { CompactedError } from '../store.ts';
import { ctx, keysOf, type Open, put, Recorder, remove, text, withStore, write } from './fixture.ts';

export function describeCompaction(open: Open): void {
  describe('compact', () => {
    it(
      'forgets what is below and keeps the newest of each key',
      withStore(open, async ({ store }) => {
        const created = await write(store, put('/a', '1'), put('/b', '1'));
        const r1 = await store.currentRevision(ctx);
        const r2 = await write(store, put('/a', '2'));
        await write(store, remove('/b'), put('/c', '3'));
        const r3 = await store.currentRevision(ctx);
        const last = await write(store, put('/a', '4'));
        const r4 = await store.currentRevision(ctx);
        await store.compact(r3, ctx);
        await store.compact(r3, ctx);
        await store.compact(r1, ctx);
        await expect(store.list('/', { revision: r2 }, ctx)).rejects.toThrow(CompactedError);
        await expect(store.get('/a', ctx, r1)).rejects.toThrow(CompactedError);
        expect(keysOf((await store.list('/', {}, ctx)).entries)).toEqual(['/a', '/c']);
        const atMark = await store.list('/', { revision: r3 }, ctx);
        expect(atMark.entries.map((entry) => entry.key + text(entry.value))).toEqual(['/a2', '/c3']);
        expect(await store.currentRevision(ctx)).toBe(r4);
        expect((await store.get('/a', ctx)).entry).toMatchObject({ revision: last, createRevision: created });
      }),
    );

    it(
      'refuses a watch from below and serves one from the mark',
      withStore(open, async ({ store }) => {
        const r1 = await write(store, put('/a', '1'));
        await write(store, put('/a', '2'));
        const r2 = await store.currentRevision(ctx);
        const r3 = await write(store, put('/a', '3'));
        await store.compact(r2, ctx);
        for (const after of [0, r1]) {
          const error = await new Recorder(store, '/', after).done;
          expect(error).toBeInstanceOf(CompactedError);
          expect((error as CompactedError).compactedRevision).toBe(r2);
        }
        const watch = new Recorder(store, '/', r2);
        await watch.reached(r3);
        expect(watch.story).toEqual([`put /a@${r3}`]);
        await watch.stop();
      }),
    );

    it(
      'refuses a watch from ahead',
      withStore(open, async ({ store }) => {
        const ahead = (await store.currentRevision(ctx)) + 1000 * store.stride;
        expect(await new Recorder(store, '/', ahead).done).toBeInstanceOf(CompactedError);
      }),
    );

    it(
      'keeps the revision even when nothing is left',
      withStore(open, async ({ store }) => {
        await write(store, put('/a'));
        await write(store, remove('/a'));
        const last = await store.currentRevision(ctx);
        await store.compact(last, ctx);
        expect(await store.currentRevision(ctx)).toBe(last);
        expect(await write(store, put('/a'))).toBeGreaterThan(last);
      }),
    );
  });
}
