import { setImmediate as nextTurn } from 'node:timers/promises';
import { CacheEntry, objectFormOf } from '@kubernest/apiserver/codec';
import type { ApiRequest } from '@kubernest/apiserver/contract';
import { Converter, gadget, gadgetsIn, v1 } from '@kubernest/apiserver/storage/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { afterEach, expect, it, vi } from 'vitest';
import type { CacheEvent } from '../cache/resource-cache.ts';
import { Resource } from '../catalog/resource.ts';
import { ResourceSelection } from '../selection/selection.ts';
import { Views } from '../views/views.ts';
import { WatchHub } from './watch-hub.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };

const none = (): void => {};

function changeOf(resource: Resource, revision: number): CacheEvent {
  const { metadata, ...rest } = gadget(v1, 'a', revision);
  // As stored: the place of the revision first.
  const head = { kind: rest.kind, apiVersion: rest.apiVersion };
  const stored = { ...head, metadata: { resourceVersion: '', ...metadata }, spec: rest.spec };
  const bytes = Buffer.from(JSON.stringify(stored));
  const entry = new CacheEntry({ key: `${resource.prefix}one/a`, revision, bytes, namespace: 'one', name: 'a' });
  return { type: revision === 1 ? 'ADDED' : 'MODIFIED', revision, entry, old: undefined };
}

/** A hub with one who watches, and what that one has seen. */
function watched(resource: Resource) {
  const hub = new WatchHub(new Views());
  const seen: number[] = [];
  const fail = vi.fn();
  const selection = new ResourceSelection(resource, { namespace: undefined, labelSelector: '', fieldSelector: '' });
  const objects = objectFormOf({ headers: {} } as ApiRequest, resource);
  const deliver = (events: readonly { readonly entry: CacheEntry }[]) =>
    void seen.push(...events.map(({ entry }) => entry.revision));
  const membership = hub.join(selection, objects, { deliver, bookmark: none, expire: none, end: none, fail });
  const publish = (revision: number) =>
    hub.publish({ prefix: resource.prefix, events: [changeOf(resource, revision)], over: none }, ctx);
  return { fail, hub, membership, publish, seen };
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('what comes in any turn while something is converted is told after it, at once and in its order', async () => {
  // Every look at the clock finds it later: whoever may give way does so after a step or two.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 3;
    return now;
  });
  const converter = new Converter();
  const resource = new Resource(gadgetsIn(v1, converter)[2]!);
  // A turn more each time, until it comes in every turn that there is.
  for (let turns = 0; turns < 24; turns++) {
    const { membership, publish, seen } = watched(resource);
    converter.hold();
    const { called } = converter;
    publish(1);
    await called;
    converter.release();
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    publish(2);
    for (let turn = 0; turn < 40; turn++) await nextTurn();
    expect([turns, seen, membership.isBehind()]).toEqual([turns, [1, 2], false]);
    publish(3);
    for (let turn = 0; turn < 40; turn++) await nextTurn();
    expect([turns, seen]).toEqual([turns, [1, 2, 3]]);
  }
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn++) await nextTurn();
};

it.each(['brings', 'cannot be converted'])('what an abandoned conversion brings is for nobody: %s', async (how) => {
  const converter = new Converter();
  const { fail, hub, membership, publish, seen } = watched(new Resource(gadgetsIn(v1, converter)[2]!));
  converter.hold();
  const { called } = converter;
  publish(1);
  await called;
  hub.expireAll();
  expect(membership.isBehind()).toBe(false);
  // The next one has begun when the first comes to its end.
  if (how !== 'brings') converter.failWith('no such version');
  converter.release();
  converter.hold();
  publish(2);
  publish(3);
  await turns();
  expect([seen, membership.isBehind(), fail.mock.calls]).toEqual([[], true, []]);
  converter.failWith(undefined);
  converter.release();
  await turns();
  expect([seen, membership.isBehind(), fail.mock.calls]).toEqual([[2, 3], false, []]);
});
