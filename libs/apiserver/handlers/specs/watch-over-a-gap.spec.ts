import { FakeClock } from '@kubernest/kit';
import { CompactedError } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const told = (events: readonly { type: string; object: never }[]) =>
  events.map(({ type, object }) => {
    const { code, metadata } = object as { code?: number; metadata: { name?: string } };
    return `${type} ${code ?? metadata.name}`;
  });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Two servers on one store. One of them has lost its watch of the store to a compaction, and has not yet listed the store again. */
async function gap() {
  const clock = new FakeClock();
  const inner = memoryStore({ clock });
  const [listed, mayList] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let watched = Promise.withResolvers<void>();
  let cut = new AbortController();
  let isCut = false;
  const store = storeWith(inner, {
    watch(query, onBatch, ctx) {
      cut = new AbortController();
      const signal = AbortSignal.any([ctx.signal, cut.signal]);
      const done = inner.watch(query, onBatch, { ...ctx, signal });
      watched.resolve();
      return done;
    },
    async list(...asked) {
      if (isCut) {
        listed.resolve();
        await mayList.promise;
      }
      return inner.list(...asked);
    },
  });
  const other = await testServer({ store: inner, clock });
  const api = await testServer({ store, clock });
  const create = async (name: string): Promise<string> =>
    (await other.call(`POST ${maps}`, { metadata: { name } })).object.metadata.resourceVersion;
  const before = await create('early');
  await api.call(`GET ${maps}`);
  const old = await api.watch(`${maps}?watch=1&resourceVersion=${before}`);
  isCut = true;
  watched = Promise.withResolvers();
  cut.abort(new CompactedError(Number(before) + 1));
  const inGap = await create('late');
  await create('later');
  await listed.promise;
  return {
    api,
    create,
    old,
    before,
    inGap,
    async goOn() {
      isCut = false;
      mayList.resolve();
      await api.call(`GET ${maps}`);
      await clock.advance(200);
      await watched.promise;
    },
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

test.each([
  ['with what is there', () => '0', ['ADDED early']],
  ['after what it saw before', ({ before }: { before: string }) => before, []],
  ['after what another server told it of the gap', ({ inGap }: { inGap: string }) => inGap, []],
])('a watch that begins in a gap, %s, is told that it missed something', async (_how, from, first) => {
  await using world = await gap();
  const watch = await world.api.watch(`${maps}?watch=1&allowWatchBookmarks=true&resourceVersion=${from(world)}`);
  expect(told(await watch.next(first.length))).toEqual(first);
  await turn();
  await world.goOn();
  await world.create('after');
  expect(told(await watch.next(1))).toEqual(['ERROR 410']);
  await watch.ended;
});

test('a watch from before ends when there is something newer to begin with, and who begins then misses nothing', async () => {
  await using world = await gap();
  await world.goOn();
  expect(told(await world.old.next(1))).toEqual(['ERROR 410']);
  const watch = await world.api.watch(`${maps}?watch=1&resourceVersion=0`);
  expect(told(await watch.next(3))).toEqual(['ADDED early', 'ADDED late', 'ADDED later']);
  await world.create('after');
  expect(told(await watch.next(1))).toEqual(['ADDED after']);
});
