import { describe, expect, it } from 'vitest';
import { bytes, ctx, type Open, put, Recorder, withStore, write } from './fixture.ts';

export function describeExpiry(open: Open): void {
  describe('expiry', () => {
    const brief = (key: string, seconds: number) =>
      ({ op: 'put', key, value: bytes(key), expiresInSeconds: seconds }) as const;

    it(
      'deletes the key with an event when its time is up, not before',
      withStore(open, async ({ store, pass }) => {
        await write(store, brief('/short', 1), put('/kept'));
        const watch = new Recorder(store, '', await store.currentRevision(ctx));
        await pass(0.5);
        expect((await store.get('/short', ctx)).entry).toBeDefined();
        const gone = watch.until(() => watch.events.length > 0);
        await pass(2.5);
        await gone;
        expect(watch.events).toMatchObject([{ type: 'delete', key: '/short' }]);
        expect((await store.get('/short', ctx)).entry).toBeUndefined();
        expect((await store.get('/kept', ctx)).entry).toBeDefined();
        await watch.stop();
      }),
    );

    it(
      'gives each key that goes a revision of its own',
      withStore(open, async ({ store, pass }) => {
        await write(store, brief('/one', 1), brief('/two', 1), brief('/three', 1));
        const watch = new Recorder(store, '', await store.currentRevision(ctx));
        const gone = watch.until(() => watch.events.length === 3);
        await pass(3);
        await gone;
        const revisions = watch.events.map((event) => event.type === 'delete' && event.revision);
        expect(new Set(revisions).size).toBe(3);
        expect(revisions).toEqual(revisions.toSorted((a, b) => Number(a) - Number(b)));
        await watch.stop();
      }),
    );

    it(
      'is undone by writing the key again, and set anew by writing it with another',
      withStore(open, async ({ store, pass }) => {
        await write(store, brief('/kept', 1), brief('/longer', 1), brief('/gone', 1));
        await write(store, put('/kept'), brief('/longer', 600));
        const watch = new Recorder(store, '', await store.currentRevision(ctx));
        const gone = watch.until(() => watch.events.length > 0);
        await pass(3);
        await gone;
        expect(watch.events).toMatchObject([{ type: 'delete', key: '/gone' }]);
        expect((await store.list('/', {}, ctx)).entries.map((entry) => entry.key)).toEqual(['/kept', '/longer']);
        await watch.stop();
      }),
    );
  });
}
