import { type Context, FakeClock, type Logger, silentLogger } from '@kubernest/kit';
import { CompactedError, type Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CacheEvent } from './resource-cache.ts';
import { ResourceVersions } from './resource-versions.ts';
import { WatchCache } from './watch-cache.ts';

const maps = '/registry/core/configmaps/';
const pods = '/registry/core/pods/';

async function world(limits = { events: 100, bytes: 100_000 }) {
  const clock = new FakeClock();
  const life = new AbortController();
  const errors: string[] = [];
  const log: Logger = { ...silentLogger, child: () => log, error: (text) => errors.push(text) };
  const ctx: Context = { signal: life.signal, clock, log };
  const inner = memoryStore({ clock });
  let breakOff: (error: Error) => void = () => {};
  /** The store's watch can be broken off, as by a lost connection or a compaction. */
  const watch: Store['watch'] = (query, onBatch, watchCtx) => {
    const { promise, reject } = Promise.withResolvers<never>();
    const cut = new AbortController();
    breakOff = (error) => {
      cut.abort();
      reject(error);
    };
    const signal = AbortSignal.any([watchCtx.signal, cut.signal]);
    return Promise.race([inner.watch(query, onBatch, { ...watchCtx, signal }), promise]);
  };
  const store = new Proxy(inner, {
    get: (target, name: keyof Store) => {
      if (name === 'watch') return watch;
      const member = target[name];
      return typeof member === 'function' ? member.bind(target as never) : member;
    },
  });
  const cache = new WatchCache({ store, versions: new ResourceVersions(), history: limits });
  const flushed: string[] = [];
  const resets: number[] = [];
  cache.onFlush = (prefix, events) => flushed.push(`${prefix} ${told(events).join(', ')}`);
  const put = async (key: string, text: string | Uint8Array) => {
    const { entry } = await inner.get(key, ctx);
    const value = typeof text === 'string' ? stored(key, text) : text;
    return commit({ op: 'put', key, value }, entry?.revision ?? 0);
  };
  /** In one transaction, which the store's watch tells of at once. */
  const putAll = async (keys: readonly string[]) => {
    const writes = keys.map((key) => ({ op: 'put' as const, key, value: stored(key, 'x') }));
    return (await inner.commit({ conditions: [], writes }, ctx)).revision;
  };
  const remove = async (key: string) => commit({ op: 'delete', key }, (await inner.get(key, ctx)).entry!.revision);
  const commit = async (write: Parameters<Store['commit']>[0]['writes'][number], revision: number) =>
    (await inner.commit({ conditions: [{ key: write.key, revision }], writes: [write] }, ctx)).revision;
  const start = async () => {
    const { done } = await cache.start(ctx);
    cache.onReset = () => resets.push(cache.revision);
    onTestFinished(async () => {
      life.abort();
      await done;
    });
  };
  const names = (prefix: string) =>
    cache
      .of(prefix)
      .range(prefix)
      .map(({ name }) => name);
  return {
    cache,
    clock,
    errors,
    flushed,
    resets,
    put,
    putAll,
    remove,
    start,
    names,
    breakOff: (e: Error) => breakOff(e),
  };
}

const stored = (key: string, text: string): Buffer =>
  Buffer.from(
    `{"kind":"ConfigMap","metadata":{"resourceVersion":"","name":"${key.split('/').at(-1)}"},"data":{"text":"${text}"}}`,
  );
const caughtUp = ({ freshness }: WatchCache, revision: number): Promise<void> =>
  freshness.until(revision, new AbortController());
const told = (events: readonly CacheEvent[]): string[] => events.map(({ type, entry }) => `${type} ${entry.name}`);

describe('a watch cache', () => {
  it('begins with what the store holds, in the order of keys, and follows it', async () => {
    const { put, remove, start, names, cache } = await world();
    for (const name of ['b', 'a']) await put(`${maps}default/${name}`, 'x');
    await start();
    expect(names(maps)).toEqual(['a', 'b']);
    await put(`${maps}default/c`, 'x');
    const revision = await remove(`${maps}default/a`);
    await caughtUp(cache, revision);
    expect(names(maps)).toEqual(['b', 'c']);
    expect(cache.revision).toBeGreaterThanOrEqual(revision);
  });

  it('tells who follows a resource of each change: what is, what was, and under which version', async () => {
    const { put, remove, start, cache } = await world();
    await start();
    const heard: CacheEvent[] = [];
    cache.of(maps).subscribe((event) => heard.push(event));
    const key = `${maps}default/a`;
    const revisions = [await put(key, 'one'), await put(key, 'two'), await remove(key)];
    await put(`${pods}default/p`, 'elsewhere');
    await caughtUp(cache, revisions[2]!);
    const textOf = (entry: CacheEvent['entry'] | undefined) =>
      (entry?.object as { data?: { text: string } })?.data?.text;
    expect(heard.map(({ type, entry, old, revision }) => [type, textOf(entry), textOf(old), revision])).toEqual([
      ['ADDED', 'one', undefined, revisions[0]],
      ['MODIFIED', 'two', 'one', revisions[1]],
      ['DELETED', 'two', 'two', revisions[2]],
    ]);
    expect(heard.map(({ entry }) => entry.object.metadata.resourceVersion)).toEqual(revisions.map(String));
  });

  it('tells everything that came together, whoever of those who are told flushes', async () => {
    const { putAll, start, cache, flushed } = await world();
    await start();
    const heard: string[] = [];
    for (const prefix of [maps, pods])
      cache.of(prefix).subscribe(({ entry }) => {
        heard.push(entry.name);
        cache.flush();
      });
    await caughtUp(cache, await putAll([`${maps}default/a`, `${pods}default/b`, `${maps}default/c`]));
    expect(heard).toEqual(['a', 'b', 'c']);
    expect(flushed.join(' ').match(/ADDED \w/g)).toHaveLength(3);
  });

  it('hands watchers what has gathered, each resource by itself, and nothing twice', async () => {
    const { put, start, cache, flushed } = await world();
    await start();
    await put(`${maps}default/a`, '1');
    await put(`${pods}default/p`, '1');
    await caughtUp(cache, await put(`${maps}default/a`, '2'));
    cache.flush();
    cache.flush();
    const all = flushed.flatMap((line) =>
      line.split(', ').map((part, i) => (i ? `${line.split(' ')[0]} ${part}` : part)),
    );
    expect(all).toEqual(expect.arrayContaining([`${maps} ADDED a`, `${maps} MODIFIED a`, `${pods} ADDED p`]));
    expect(all).toHaveLength(3);
  });

  it('lets a watch begin at any revision that it still keeps, and at none before', async () => {
    const { put, start, cache } = await world({ events: 8, bytes: 100_000 });
    await start();
    const revisions = [];
    for (let i = 0; i < 20; i++) revisions.push(await put(`${maps}default/a`, `${i}`));
    await caughtUp(cache, revisions[19]!);
    const { historyBegin } = cache.of(maps);
    for (const revision of revisions) {
      const events = cache.of(maps).since(revision);
      if (revision < historyBegin) expect(events).toBeUndefined();
      else expect(events?.map((event) => event.revision)).toEqual(revisions.filter((later) => later > revision));
    }
    expect(cache.of(maps).since(revisions[18]!)).toHaveLength(1);
    expect(cache.of(maps).since(revisions[0]!)).toBeUndefined();
  });

  it('holds no more memory than its objects have bytes', async () => {
    const { put, start, cache } = await world();
    await start();
    const began = cache.revision;
    for (let i = 0; i < 20; i++) await caughtUp(cache, await put(`${maps}default/a`, `${i}`));
    const kept = cache
      .of(maps)
      .since(began)!
      .map(({ entry: { bytes } }) => bytes);
    expect(kept).toHaveLength(20);
    const buffers = new Set(kept.map(({ buffer }) => buffer));
    const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);
    expect(sum([...buffers].map(({ byteLength }) => byteLength))).toBe(sum(kept.map(({ length }) => length)));
  });

  it('leaves out what cannot be read, says so, and goes on', async () => {
    const { put, start, names, cache, errors } = await world();
    await put(`${maps}default/bad`, Buffer.from('not ours'));
    await put(`${maps}default/good`, 'x');
    await start();
    await put(`${maps}default/worse`, Buffer.from('not ours'));
    await caughtUp(cache, await put(`${maps}default/later`, 'x'));
    expect(names(maps)).toEqual(['good', 'later']);
    expect(errors).toEqual(['stored object cannot be read', 'stored object cannot be read']);
  });

  it('goes on where it was when the store breaks its watch off', async () => {
    const { put, start, names, cache, clock, breakOff, resets } = await world();
    await start();
    await caughtUp(cache, await put(`${maps}default/a`, 'x'));
    breakOff(new Error('connection reset'));
    const revision = await put(`${maps}default/b`, 'x');
    const waiting = caughtUp(cache, revision);
    while (cache.revision < revision) await clock.advance(200);
    await waiting;
    expect([names(maps), resets]).toEqual([['a', 'b'], []]);
  });

  it('begins anew when the store has forgotten what came in between: watches end, who follows is told the difference', async () => {
    const { put, remove, start, names, cache, clock, breakOff, resets } = await world();
    for (const name of ['gone', 'stays']) await put(`${maps}default/${name}`, 'x');
    await start();
    const heard: CacheEvent[] = [];
    cache.of(maps).subscribe((event) => heard.push(event));
    const before = cache.revision;
    breakOff(new CompactedError(before + 10));
    await remove(`${maps}default/gone`);
    const revision = await put(`${maps}default/new`, 'x');
    while (cache.revision < revision) await clock.advance(200);
    expect(names(maps)).toEqual(['new', 'stays']);
    expect(told(heard).sort()).toEqual(['ADDED new', 'DELETED gone']);
    // Not before: a watch that begins meanwhile has missed as much.
    expect(resets).toHaveLength(1);
    expect(resets[0]).toBeGreaterThan(before);
    expect(cache.of(maps).since(before)).toBeUndefined();
  });

  it('lets who waits for a revision wait for it over a gap', async () => {
    const { put, start, cache, clock, breakOff } = await world();
    await start();
    const revision = cache.revision + 1;
    const reached = caughtUp(cache, revision);
    breakOff(new CompactedError(revision));
    expect(await put(`${maps}default/a`, 'x')).toBe(revision);
    while (cache.revision < revision) await clock.advance(200);
    await expect(reached).resolves.toBeUndefined();
  });

  it('forgets the past of what is served no longer, and that of nothing else', async () => {
    const { put, remove, start, names, cache } = await world();
    await start();
    const began = cache.revision;
    for (const prefix of [maps, pods]) await put(`${prefix}default/a`, 'x');
    await put(`${maps}default/b`, 'x');
    await caughtUp(cache, await remove(`${pods}default/a`));
    const [left, gone] = [cache.of(maps), cache.of(pods)];
    cache.forget(pods);
    expect(cache.of(pods)).not.toBe(gone);
    // A watch that is about to end has it still.
    expect(gone.since(began)).toHaveLength(2);
    expect(cache.of(maps).since(began)).toHaveLength(2);
    cache.forget(maps);
    expect([left.since(began), names(maps)]).toEqual([undefined, ['a', 'b']]);
    // It comes back: nothing before counts as seen, everything after is.
    for (const prefix of [maps, pods]) {
      const { historyBegin } = cache.of(prefix);
      await caughtUp(cache, await put(`${prefix}default/c`, 'x'));
      expect([cache.of(prefix).since(began), cache.of(prefix).since(historyBegin)?.length]).toEqual([undefined, 1]);
    }
  });

  it('goes on telling who follows what is served no longer', async () => {
    const { put, start, cache } = await world();
    await start();
    const heard: CacheEvent[] = [];
    cache.of(maps).subscribe((event) => heard.push(event));
    cache.forget(maps);
    await caughtUp(cache, await put(`${maps}default/a`, 'x'));
    expect(told(heard)).toEqual(['ADDED a']);
  });

  it('is not stopped by one who follows it and throws; others are told, watchers that may have missed something begin anew', async () => {
    const { put, start, names, cache, errors, resets } = await world();
    await start();
    const heard: CacheEvent[] = [];
    const thrower = () => {
      throw new Error('not me');
    };
    cache.of(maps).subscribe(thrower);
    cache.of(maps).subscribe((event) => heard.push(event));
    await caughtUp(cache, await put(`${maps}default/a`, 'x'));
    expect([told(heard), names(maps)]).toEqual([['ADDED a'], ['a']]);
    cache.onFlush = thrower;
    cache.flush();
    expect(resets).toHaveLength(1);
    expect(errors).toEqual(['who follows the cache threw', 'changes could not be handed to watchers']);
  });
});
