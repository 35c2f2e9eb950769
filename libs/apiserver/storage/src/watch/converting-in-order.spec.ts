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
  const change = (revision: number): CacheEvent => {
    const { metadata, ...rest } = gadget(v1, 'a', revision);
    // As stored: the place of the revision first.
    const head = { kind: rest.kind, apiVersion: rest.apiVersion };
    const stored = { ...head, metadata: { resourceVersion: '', ...metadata }, spec: rest.spec };
    const bytes = Buffer.from(JSON.stringify(stored));
    const entry = new CacheEntry({ key: `${resource.prefix}one/a`, revision, bytes, namespace: 'one', name: 'a' });
    return { type: revision === 1 ? 'ADDED' : 'MODIFIED', revision, entry, old: undefined };
  };
  // A turn more each time, until it comes in every turn that there is.
  for (let turns = 0; turns < 24; turns++) {
    const hub = new WatchHub(new Views());
    const seen: number[] = [];
    const none = (): void => {};
    const selection = new ResourceSelection(resource, { namespace: undefined, labelSelector: '', fieldSelector: '' });
    const objects = objectFormOf({ headers: {} } as ApiRequest, resource);
    const deliver = (events: readonly { readonly entry: CacheEntry }[]) =>
      void seen.push(...events.map(({ entry }) => entry.revision));
    const membership = hub.join(selection, objects, { deliver, bookmark: none, expire: none, end: none, fail: none });
    const publish = (revision: number) =>
      hub.publish({ prefix: resource.prefix, events: [change(revision)], over: none }, ctx);
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
