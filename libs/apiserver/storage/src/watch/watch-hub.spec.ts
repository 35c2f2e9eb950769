import { setImmediate as nextTurn } from 'node:timers/promises';
import { CacheEntry, objectFormOf, type WatchForm } from '@kubernest/apiserver/codec';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { Resource } from '../catalog/resource.ts';
import { Views } from '../views/views.ts';
import { WatchHub } from './watch-hub.ts';
import type { Selection, Watcher } from './watcher.ts';

const prefix = '/registry/core/configmaps/';
const resource = new Resource(builtinKinds.find(({ kind }) => kind === 'ConfigMap')!);
const objects = objectFormOf({ headers: {} } as ApiRequest, resource);
const everything: Selection = { resource, readsVersion: false, key: 'all', matches: () => true };
const change = (revision: number, bytes = 10): CacheEvent => {
  // Of many members: what is read in steps is cut between them.
  const json = `{"metadata":{},"data":[${'0,'.repeat(bytes / 2)}0]}`;
  const entry = new CacheEntry({ key: `${prefix}d/a`, revision, bytes: Buffer.from(json), namespace: 'd', name: 'a' });
  return { type: 'ADDED', revision, entry, old: undefined };
};

/** A watcher and the revisions that it saw; a half more is a bookmark, -1 the end of its history, -2 its own, -3 a failure. */
function watcher(after = 0): Watcher & { readonly seen: number[] } {
  const seen: number[] = [];
  return {
    seen,
    deliver: (events) => seen.push(...events.map(({ entry }) => entry.revision).filter((revision) => revision > after)),
    bookmark: (revision) => seen.push(revision + 0.5),
    expire: () => seen.push(-1),
    fail: () => seen.push(-3),
    end: () => seen.push(-2),
  };
}

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
function publish(hub: WatchHub, events: readonly CacheEvent[], over: (fault?: unknown) => void = () => {}): void {
  hub.publish({ prefix, events, over }, ctx);
}

function worldOf(count: number) {
  const hub = new WatchHub(new Views());
  const watchers = Array.from({ length: count }, () => watcher());
  for (const each of watchers) hub.join(everything, objects, each);
  return { hub, watchers };
}

describe('a publication that takes long', () => {
  // Every look at the clock finds it later, so that each step is the last of its turn.
  let now = 0;
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 10;
      return now;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const untilDone = async (hub: WatchHub): Promise<number> => {
    let turns = 0;
    for (; hub.isBehind; turns++) await nextTurn();
    return turns;
  };

  it('begins with reading what is large, a step at a time, however it came to be handed on', async () => {
    const { hub } = worldOf(0);
    const event = change(1, 1024 * 1024);
    let wasRead: boolean | undefined;
    const parse = vi.spyOn(JSON, 'parse');
    const looks = {
      ...watcher(),
      deliver: () => {
        parse.mockClear();
        wasRead = event.entry.object.metadata !== undefined && parse.mock.calls.length === 0;
      },
    };
    hub.join(everything, objects, looks);
    publish(hub, [event], vi.fn());
    expect(await untilDone(hub)).toBeGreaterThanOrEqual(10);
    expect(wasRead).toBe(true);
  });

  it('goes on with making what takes long of a large object’s event, once for all who watch', async () => {
    const { hub } = worldOf(0);
    const made: number[] = [];
    const form = {
      reads: 'object',
      key: 'slow',
      *making({ revision }: CacheEntry) {
        for (let i = 0; i < 20; i++) yield;
        made.push(revision);
      },
      event: (_: string, { revision }: CacheEntry) => Buffer.from(`${revision} after ${made.join()}`),
    } as unknown as WatchForm;
    const told: string[] = [];
    const looks = { ...watcher(), deliver: (_: unknown, bytes: () => Buffer) => void told.push(bytes().toString()) };
    for (let i = 0; i < 2; i++) hub.join(everything, form, { ...looks });
    publish(hub, [change(1, 1024 * 1024), change(2, 100)]);
    expect(await untilDone(hub)).toBeGreaterThanOrEqual(20);
    expect(told).toEqual(['1 after 12 after 1', '1 after 12 after 1']);
  });

  it('who takes an object’s bytes as they are has nothing read', () => {
    const hub = new WatchHub(new Views());
    const asBytes = { reads: 'bytes', key: 'json' } as WatchForm;
    hub.join({ ...everything, unfiltered: true }, asBytes, watcher());
    const event = change(1, 1024 * 1024);
    const read = vi.spyOn(event.entry, 'read');
    publish(hub, [event], vi.fn());
    expect(read).not.toHaveBeenCalled();
  });

  it.each([
    ['many watchers', 200, 10],
    ['a large object', 20, 1024 * 1024],
  ])('goes on in later turns, for %s', async (_, count, bytes) => {
    const { hub, watchers } = worldOf(count);
    const over = vi.fn();
    publish(hub, [change(1, bytes)], over);
    expect(over).not.toHaveBeenCalled();
    expect(await untilDone(hub)).toBeGreaterThanOrEqual(10);
    expect(over.mock.calls).toEqual([[]]);
    expect(watchers.every(({ seen }) => seen.join() === '1')).toBe(true);
  });

  it('gives each watcher all in order, and says nothing of how far it has come meanwhile', async () => {
    const { hub, watchers } = worldOf(100);
    publish(hub, [change(1)]);
    publish(hub, [change(2), change(3)]);
    hub.bookmarkAll(3);
    await untilDone(hub);
    hub.bookmarkAll(3);
    await untilDone(hub);
    for (const { seen } of watchers) expect(seen).toEqual([1, 2, 3, 3.5]);
  });

  it('comes after the bookmarks that are on their way, which are in turns as well', async () => {
    const { hub, watchers } = worldOf(100);
    hub.bookmarkAll(1);
    publish(hub, [change(2)]);
    expect(watchers.at(-1)?.seen).toEqual([]);
    await untilDone(hub);
    for (const { seen } of watchers) expect(seen).toEqual([1.5, 2]);
  });

  it('tells who joins meanwhile what is new to it, and nobody who has left', async () => {
    const { hub } = worldOf(100);
    const [joined, left] = [watcher(1), watcher()];
    const { leave } = hub.join(everything, objects, left);
    publish(hub, [change(1)]);
    leave();
    hub.join(everything, objects, joined);
    publish(hub, [change(2)]);
    await untilDone(hub);
    expect([joined.seen, left.seen]).toEqual([[2], []]);
  });

  it('ends where the history breaks off', async () => {
    const { hub, watchers } = worldOf(100);
    const over = vi.fn();
    for (const revision of [1, 2]) publish(hub, [change(revision)], over);
    hub.expireAll();
    expect([hub.isBehind, over.mock.calls.length]).toEqual([false, 2]);
    await nextTurn();
    expect(watchers.at(-1)?.seen).toEqual([-1]);
  });
});

it('what a watcher throws is told, and the next publication goes its way', () => {
  const { hub, watchers } = worldOf(1);
  const broken: Watcher = { ...watcher(), deliver: () => expect.fail('broken') };
  const { leave } = hub.join(everything, objects, broken);
  const over = vi.fn();
  publish(hub, [change(1)], over);
  expect(String(over.mock.calls[0]?.[0])).toContain('broken');
  leave();
  publish(hub, [change(2)], over);
  expect([over.mock.calls.length, watchers[0]!.seen]).toEqual([2, [1, 2]]);
});
