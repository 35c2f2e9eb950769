import { describe, expect, it } from 'vitest';
import type { WatchBatch } from '../store.ts';
import { context, ctx, type Open, put, Recorder, remove, text, withStore, write } from './fixture.ts';

export function describeWatches(open: Open): void {
  describe('watch', () => {
    describeStory(open);
    describeJoins(open);
    describeCallbacks(open);
    describeEnds(open);
  });
}

function describeStory(open: Open): void {
  it(
    'tells the past, then what comes, each change once, with its value',
    withStore(open, async ({ store }) => {
      const r0 = await write(store, put('/w/a', '0'));
      const r1 = await write(store, put('/w/a', '1'), put('/other'));
      const r2 = await write(store, remove('/w/a'));
      const watch = new Recorder(store, '/w/', r0);
      await watch.reached(r2);
      const r3 = await write(store, put('/w/b', '3'));
      await watch.reached(r3);
      expect(watch.story).toEqual([`put /w/a@${r1}`, `delete /w/a@${r2}`, `put /w/b@${r3}`]);
      const [first, , last] = watch.events;
      expect(first?.type === 'put' && [text(first.entry.value), first.entry.createRevision]).toEqual(['1', r0]);
      expect(last?.type === 'put' && [text(last.entry.value), last.entry.createRevision]).toEqual(['3', r3]);
      await watch.stop();
    }),
  );

  it(
    'never splits a transaction, and tells how far it is',
    withStore(open, async ({ store }) => {
      const start = await store.currentRevision(ctx);
      const past = new Recorder(store, '', start);
      for (let i = 0; i < 5; i++) await write(store, put('/x'), put('/y'), put('/z'));
      const last = await store.currentRevision(ctx);
      const late = new Recorder(store, '', start);
      for (const watch of [past, late]) {
        await watch.reached(last);
        let before = start;
        for (const { events, revision } of watch.batches) {
          const revisions = events.map((event) => (event.type === 'put' ? event.entry.revision : event.revision));
          for (const each of revisions) expect(each > before && each <= revision).toBe(true);
          expect(events.length % 3).toBe(0);
          before = revision;
        }
        expect(watch.events).toHaveLength(15);
        await watch.stop();
      }
    }),
  );

  it(
    'makes progress when only others are written',
    withStore(open, async ({ store }) => {
      const watch = new Recorder(store, '/w/', await store.currentRevision(ctx));
      await write(store, put('/other'));
      await watch.reached(await store.currentRevision(ctx));
      expect(watch.events).toEqual([]);
      await watch.stop();
    }),
  );
}

function describeJoins(open: Open): void {
  it(
    'has no gap and no repeat where the past meets the present, under concurrent writers',
    withStore(open, async ({ store }) => {
      const start = await store.currentRevision(ctx);
      const watches: Recorder[] = [];
      const expected: string[] = [];
      await Promise.all(
        Array.from({ length: 8 }, async (_, writer) => {
          for (let i = 0; i < 20; i++) {
            const key = `/w/${writer}/${i % 3}`;
            expected.push(`put ${key}@${await write(store, put(key))}`);
            if (i % 5 === 0) watches.push(new Recorder(store, '/w/', start));
          }
        }),
      );
      const byRevision = (a: string, b: string) => Number(a.split('@')[1]) - Number(b.split('@')[1]);
      expected.sort(byRevision);
      const last = await store.currentRevision(ctx);
      for (const watch of watches) {
        await watch.reached(last);
        expect(watch.story).toEqual(expected);
        await watch.stop();
      }
    }),
  );

  it(
    'shows a write that was acknowledged before to everyone who looks after',
    withStore(open, async ({ store }) => {
      for (let i = 0; i < 10; i++) {
        const revision = await write(store, put('/a', `${i}`));
        expect(await store.currentRevision(ctx)).toBeGreaterThanOrEqual(revision);
        expect(text((await store.get('/a', ctx)).entry?.value)).toBe(`${i}`);
      }
    }),
  );
}

function describeCallbacks(open: Open): void {
  it(
    'keeps the order for everyone when a callback writes',
    withStore(open, async ({ store }) => {
      const after = await store.currentRevision(ctx);
      const answers: Promise<number>[] = [];
      const answering = new AbortController();
      const onBatch = (batch: WatchBatch) => {
        for (const event of batch.events)
          if (event.type === 'put' && event.entry.key === '/ask') answers.push(write(store, put('/answer')));
      };
      const done = store.watch({ prefix: '', after }, onBatch, context(answering.signal)).catch(() => {});
      const watch = new Recorder(store, '', after);
      await write(store, put('/ask'));
      await watch.until(() => watch.events.length >= 2);
      expect(watch.events.map((event) => event.type === 'put' && event.entry.key)).toEqual(['/ask', '/answer']);
      await Promise.all(answers);
      answering.abort();
      await done;
      await watch.stop();
    }),
  );
}

function describeEnds(open: Open): void {
  it(
    'ends with the reason of the abort and calls nobody after',
    withStore(open, async ({ store }) => {
      const controller = new AbortController();
      let calls = 0;
      const done = store.watch(
        { prefix: '', after: await store.currentRevision(ctx) },
        () => calls++,
        context(controller.signal),
      );
      const other = new Recorder(store, '', await store.currentRevision(ctx));
      controller.abort(new DOMException('enough', 'AbortError'));
      await expect(done).rejects.toThrow('enough');
      const before = calls;
      await other.reached(await write(store, put('/a')));
      expect(calls).toBe(before);
      await other.stop();
    }),
  );

  it(
    'ends alone when its own callback throws',
    withStore(open, async ({ store }) => {
      const after = await store.currentRevision(ctx);
      const bad = store.watch(
        { prefix: '', after },
        () => {
          throw new Error('my fault');
        },
        ctx,
      );
      const refused = expect(bad).rejects.toThrow('my fault');
      const good = new Recorder(store, '', after);
      const revision = await write(store, put('/a'));
      await refused;
      await good.reached(revision);
      await good.stop();
    }),
  );
}
