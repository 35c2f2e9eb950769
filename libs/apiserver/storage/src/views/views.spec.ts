import { CacheEntry, encodeStored, spliceVersion, TURN_MS } from '@kubernest/apiserver/codec';
import { Converter, gadget, gadgetsIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { KubeObject, Steps } from '@kubernest/meta';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Resource } from '../catalog/resource.ts';
import { finished } from './converting.ts';
import { Views } from './views.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const storedAs = (apiVersion: string, name: string): CacheEntry => {
  const bytes = spliceVersion(encodeStored(gadget(apiVersion, name, 3)), '7');
  return new CacheEntry({
    key: `/registry/example.test/gadgets/one/${name}`,
    revision: 7,
    bytes,
    namespace: 'one',
    name,
  });
};

let converter: Converter;
let first: Resource;
let second: Resource;
let third: Resource;
beforeEach(() => {
  converter = new Converter();
  [first, second, third] = gadgetsIn(v1, converter).map((definition) => new Resource(definition)) as [
    Resource,
    Resource,
    Resource,
  ];
});

afterEach(() => vi.restoreAllMocks());

describe('an entry', () => {
  it('says itself in which version it lies, whatever is stored now', () => {
    for (const version of [v1, v2, v3]) expect(storedAs(version, 'a').storedAs).toBe(version);
    expect([first, second].map((resource) => resource.fits(storedAs(v2, 'a')))).toEqual([false, true]);
    expect([v1, v2].map((version) => first.isOutdated(storedAs(version, 'a')))).toEqual([false, true]);
  });

  it('in the version asked for is itself', async () => {
    const views = new Views();
    const entry = storedAs(v1, 'a');
    expect(views.one(first, entry, ctx)).toBe(entry);
    expect(await views.all(first, [entry], ctx)).toEqual([entry]);
    expect([converter.calls, views.bytes]).toEqual([[], 0]);
  });

  it('in another is made once, with its key, revision and resource version', async () => {
    const views = new Views();
    const entry = storedAs(v1, 'a');
    const view = await views.one(second, entry, ctx);
    expect(view).toMatchObject({ key: entry.key, revision: 7, namespace: 'one', name: 'a', storedAs: v2 });
    const { metadata, ...rest } = gadget(v2, 'a', 3);
    expect(view.object).toEqual({ ...rest, metadata: { ...metadata, resourceVersion: '7' } });
    expect(JSON.parse(view.bytes.toString())).toEqual(view.object);
    expect(views.one(second, entry, ctx)).toBe(view);
    expect([views.now(second, entry), await views.one(second, view, ctx)]).toEqual([view, view]);
    expect(converter.calls).toEqual([`1 to ${v2}`]);
  });

  it('that is no longer stored keeps none', async () => {
    const views = new Views();
    const entry = storedAs(v1, 'a');
    const [view, other] = [await views.one(second, entry, ctx), await views.one(third, entry, ctx)];
    expect(views.bytes).toBe(view.bytes.length + other.bytes.length);
    entry.retire();
    expect([views.bytes, entry.view(v2)]).toEqual([0, undefined]);
    expect((await views.one(second, entry, ctx)).object).toEqual(view.object);
    expect(views.bytes).toBe(0);
  });
});

it('many are converted in batches, what is in the version or known in it left out, and stay in order', async () => {
  const views = new Views();
  const entries = Array.from({ length: 1202 }, (_, i) => storedAs(i % 601 === 0 ? v2 : v1, `g${i}`));
  await views.one(second, entries[1]!, ctx);
  converter.calls = [];
  const shown = await views.all(second, entries, ctx);
  expect(shown.map(({ name, storedAs: version }) => [name, version])).toEqual(entries.map(({ name }) => [name, v2]));
  expect(converter.calls).toEqual([`500 to ${v2}`, `500 to ${v2}`, `199 to ${v2}`]);
});

it('of many large ones fewer are converted at once', async () => {
  const label = { text: 'x'.repeat(1024 * 1024) };
  const entries = [1, 2, 3, 4, 5].map((i) => {
    const bytes = spliceVersion(encodeStored({ ...gadget(v1, `g${i}`, 3), ...label }), '7');
    return new CacheEntry({
      key: `/registry/example.test/gadgets/one/g${i}`,
      revision: 7,
      bytes,
      namespace: 'one',
      name: `g${i}`,
    });
  });
  await new Views().all(second, entries, ctx);
  expect(converter.calls).toEqual([`3 to ${v2}`, `2 to ${v2}`]);
});

it('those made first are let go when there is no more room', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => storedAs(v1, name)) as [CacheEntry, CacheEntry, CacheEntry];
  const size = (await new Views().one(second, storedAs(v1, 'x'), ctx)).bytes.length;
  const views = new Views(2 * size);
  for (const entry of [a, b, c]) await views.one(second, entry, ctx);
  expect([a, b, c].map((entry) => entry.view(v2) !== undefined)).toEqual([false, true, true]);
  expect(views.bytes).toBe(2 * size);
  converter.calls = [];
  await views.all(second, [a, b, c], ctx);
  expect(converter.calls).toEqual([`1 to ${v2}`]);
});

it('what takes its time cannot be had at once', () => {
  expect(() => new Views().now(third, storedAs(v1, 'a'))).toThrow(`gadgets cannot be read at once in ${v3}`);
});

it('who waits for a converter stops when nobody wants it any more', async () => {
  const controller = new AbortController();
  converter.hold();
  const view = new Views().one(third, storedAs(v1, 'a'), { ...ctx, signal: controller.signal });
  controller.abort();
  await expect(view).rejects.toMatchObject({ name: 'AbortError' });
  converter.release();
});

describe('what is being made', () => {
  const some = (count: number) => Array.from({ length: count }, (_, i) => storedAs(v1, `g${i}`));

  it('is made once for all who ask meanwhile, in lists, alone and as events', async () => {
    const views = new Views();
    const entries = some(1200);
    const lists = Array.from({ length: 10 }, () => views.all(third, entries, ctx));
    const one = views.one(third, entries[3]!, ctx);
    const events = finished(views.making(third, entries.slice(100, 300), ctx));
    const shown = await Promise.all(lists);
    const converted = converter.calls.map((call) => Number.parseInt(call, 10));
    expect(converted.reduce((sum, count) => sum + count)).toBe(entries.length);
    expect(new Set(shown.map((list) => list[7])).size).toBe(1);
    expect([await one, (await events)[0]]).toEqual([shown[0]![3], shown[0]![100]]);
  });

  it('is made for as long as anybody asks, whoever did first', async () => {
    const views = new Views();
    const first = new AbortController();
    converter.hold();
    const { called } = converter;
    const left = views.one(third, storedAs(v1, 'x'), { ...ctx, signal: first.signal });
    const entry = storedAs(v1, 'a');
    const gone = views.one(third, entry, { ...ctx, signal: first.signal });
    const stays = views.one(third, entry, ctx);
    await called;
    first.abort();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    converter.release();
    expect((await stays).storedAs).toBe(v3);
    expect(converter.calls).toEqual([`1 to ${v3}`, `1 to ${v3}`]);
  });

  it('is begun anew by whoever asks once nobody did any more', async () => {
    const views = new Views();
    const first = new AbortController();
    const entry = storedAs(v1, 'a');
    converter.hold();
    const gone = views.one(third, entry, { ...ctx, signal: first.signal });
    first.abort();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    converter.release();
    expect((await views.one(third, entry, ctx)).storedAs).toBe(v3);
  });

  it('is told to all when it cannot be made, and tried again', async () => {
    const views = new Views();
    const entry = storedAs(v1, 'a');
    converter.failWith('no such length');
    const asked = [views.one(third, entry, ctx), views.one(third, entry, ctx)];
    for (const view of asked) await expect(view).rejects.toThrow('no such length');
    converter.failWith(undefined);
    expect((await views.one(third, entry, ctx)).storedAs).toBe(v3);
  });

  it('is not kept where its kind is served otherwise by then', async () => {
    const views = new Views();
    const entry = storedAs(v1, 'a');
    const view = views.one(third, entry, ctx);
    views.drop([third]);
    expect((await view).storedAs).toBe(v3);
    expect([entry.view(v3), views.bytes]).toEqual([undefined, 0]);
  });
});

describe('of a kind whose definition changed', () => {
  /** As its definition has objects by now: looked at in so many steps each. */
  const STEPS = 3;
  function declared(): { readonly resource: Resource; readonly inTurn: () => number } {
    let [most, since] = [0, 0];
    const definition = gadgetsIn(v1, converter)[0]!;
    function* asDeclared(object: KubeObject): Steps<KubeObject> {
      for (let step = 0; step < STEPS; step++) {
        since++;
        most = Math.max(most, since);
        setImmediate(() => {
          since = 0;
        });
        yield;
      }
      return { ...object };
    }
    const storage = { ...definition.storage!, asDeclared, since: '8' };
    return { resource: new Resource({ ...definition, storage }), inTurn: () => most };
  }

  it('all that ask at once take turns with others, and look at each object once', async () => {
    // Each look at the clock is a millisecond.
    let now = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => ++now);
    const { resource, inTurn } = declared();
    const entries = Array.from({ length: 200 }, (_, i) => storedAs(v1, `g${i}`));
    const views = new Views();
    await Promise.all(Array.from({ length: 20 }, () => views.all(resource, entries, ctx)));
    expect(inTurn()).toBeLessThan(3 * TURN_MS);
  });

  it('small ones are gathered to steps by their bytes', async () => {
    const definition = gadgetsIn(v1, converter)[0]!;
    let [inStep, most] = [0, 0];
    let now = performance.now();
    // The clock is looked at between steps.
    vi.spyOn(performance, 'now').mockImplementation(() => {
      inStep = 0;
      return ++now;
    });
    // biome-ignore lint/correctness/useYield: of small objects one step is enough
    function* asDeclared(object: KubeObject): Steps<KubeObject> {
      most = Math.max(most, ++inStep);
      return { ...object };
    }
    const resource = new Resource({ ...definition, storage: { ...definition.storage!, asDeclared, since: '8' } });
    const entries = Array.from({ length: 1000 }, (_, i) => storedAs(v1, `g${i}`));
    await new Views().all(resource, entries, ctx);
    const fit = (16 * 1024) / entries[0]!.bytes.length;
    // The last of those that are read and the first of those that are written may come together.
    expect(most).toBeLessThanOrEqual(2 * Math.ceil(fit) + 2);
  });
});
