import type { WatchResponse } from '@kubernest/apiserver/contract';
import type { WatchEvent } from '@kubernest/meta';
import { requestFor, testServer } from '@kubernest/testkit/server';
import { expect, test } from 'vitest';

const maps = '/api/v1/namespaces/default/configmaps';
const LARGE = 300_000;

/** A server with large objects, and a watch that takes what it begins with bit by bit: `goOn` lets it go on once, `flow` from now on. */
async function begun(count: number, query = '') {
  const api = await testServer();
  const create = (name: string, length = LARGE) =>
    api.call(`POST ${maps}`, { metadata: { name, labels: { of: 'watch' } }, data: { text: 'x'.repeat(length) } });
  for (let i = 0; i < count; i++) await create(`m${i}`);
  const line = `GET ${maps}?watch=1&resourceVersion=0&timeoutSeconds=60&allowWatchBookmarks=true${query}`;
  const watch = (await api.server.handle(requestFor(line), api.ctx)) as WatchResponse;
  const writes: (readonly WatchEvent<never>[])[] = [];
  let asked = Promise.withResolvers<void>();
  let wait = Promise.withResolvers<void>();
  let flows = false;
  const told = new Map<string, () => void>();
  const sink = {
    writeBytes(bytes: Uint8Array) {
      const text = Buffer.from(bytes).toString();
      writes.push(text.split('\n').flatMap((each) => (each === '' ? [] : JSON.parse(each))));
      for (const name of namesOf(writes.slice(-1))) told.get(name)?.();
      return true;
    },
    drained() {
      if (flows) return Promise.resolve();
      asked.resolve();
      return wait.promise;
    },
  };
  const ended = watch.run(sink, api.ctx);
  return {
    api,
    writes,
    ended,
    create,
    waiting: () => asked.promise,
    goOn() {
      asked = Promise.withResolvers();
      wait.resolve();
      wait = Promise.withResolvers();
    },
    flow() {
      flows = true;
      wait.resolve();
    },
    /** To be asked before it may happen. */
    told: (name: string) => new Promise<void>((resolve) => told.set(name, resolve)),
  };
}

const namesOf = (writes: readonly (readonly WatchEvent<never>[])[]) =>
  writes.flat().map(({ type, object }) => `${type} ${(object as { metadata: { name?: string } }).metadata.name}`);

test.each(['', '&labelSelector=of=watch', '&fieldSelector=metadata.namespace=default'])(
  'what a watch%s begins with is sent as fast as it is read, a few hundred kB at a time',
  async (query) => {
    const watch = await begun(4, query);
    await using api = watch.api;
    for (let i = 1; i <= 4; i++) {
      await watch.waiting();
      expect(namesOf(watch.writes)).toEqual(['m0', 'm1', 'm2', 'm3'].slice(0, i).map((name) => `ADDED ${name}`));
      watch.goOn();
    }
    await api.clock.advance(60_000);
    await watch.ended;
  },
);

test('changes while it is sent come after it, each once, and none is lost', async () => {
  const watch = await begun(3);
  await using api = watch.api;
  await watch.waiting();
  await watch.create('late');
  await api.call(`DELETE ${maps}/m2`);
  for (let i = 0; i < 3; i++) {
    await watch.waiting();
    watch.goOn();
  }
  // One of the changes is large enough to be waited for.
  await watch.waiting();
  const [later, last] = [watch.told('ADDED later'), watch.told('ADDED last')];
  await watch.create('later', 1);
  watch.flow();
  await later;
  await watch.create('last', 1);
  await last;
  expect(namesOf(watch.writes)).toEqual([
    'ADDED m0',
    'ADDED m1',
    'ADDED m2',
    'ADDED late',
    'DELETED m2',
    'ADDED later',
    'ADDED last',
  ]);
});

test('one that does not read ends at its time all the same, and is told of no progress that it did not make', async () => {
  const watch = await begun(3);
  await using api = watch.api;
  await watch.waiting();
  await api.clock.advance(60_000);
  await watch.ended;
  expect(namesOf(watch.writes)).toEqual(['ADDED m0']);
});
