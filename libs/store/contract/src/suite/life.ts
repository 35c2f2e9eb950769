import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../store.ts';
import { context, ctx, type Open, put, Recorder, withStore, write } from './fixture.ts';

export function describeLife(open: Open): void {
  describe('life', () => {
    it(
      'drains on close, ends its watches, refuses what comes after, and closes twice',
      withStore(open, async ({ store }) => {
        const watch = new Recorder(store, '', await store.currentRevision(ctx));
        const writes = Promise.all(Array.from({ length: 20 }, (_, i) => write(store, put(`/${i}`))));
        await Promise.all([store.close(), store.close()]);
        expect(await writes).toHaveLength(20);
        expect(await watch.done).toBeInstanceOf(StoreUnavailableError);
        await expect(store.get('/1', ctx)).rejects.toThrow(StoreUnavailableError);
        await expect(store.list('/', {}, ctx)).rejects.toThrow(StoreUnavailableError);
        await expect(write(store, put('/a'))).rejects.toThrow(StoreUnavailableError);
        await expect(store.currentRevision(ctx)).rejects.toThrow(StoreUnavailableError);
        await expect(store.compact(1, ctx)).rejects.toThrow(StoreUnavailableError);
        await expect(store.watch({ prefix: '', after: 1 }, () => {}, ctx)).rejects.toThrow(StoreUnavailableError);
        await store.close();
      }),
    );

    it(
      'rejects with the reason of the abort, before and while it runs',
      withStore(open, async ({ store }) => {
        const aborted = context(AbortSignal.abort(new Error('stop it')));
        await expect(store.get('/a', aborted)).rejects.toThrow('stop it');
        await expect(store.list('/', {}, aborted)).rejects.toThrow('stop it');
        await expect(store.commit({ conditions: [], writes: [put('/a')] }, aborted)).rejects.toThrow('stop it');
        const controller = new AbortController();
        const running = store.commit({ conditions: [], writes: [put('/b')] }, context(controller.signal));
        controller.abort(new Error('too slow'));
        await expect(running).rejects.toThrow('too slow');
        expect((await store.get('/a', ctx)).entry).toBeUndefined();
        expect(await write(store, put('/c'))).toBeGreaterThan(0);
      }),
    );

    it(
      'tells its size',
      withStore(open, async ({ store }) => {
        await write(store, put('/a'));
        expect(await store.size(ctx)).toBeGreaterThan(0);
      }),
    );
  });
}
