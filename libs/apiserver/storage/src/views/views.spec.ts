import { CacheEntry, encodeStored, spliceVersion } from '@kubernest/apiserver/codec';
import { Converter, gadget, gadgetsIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Resource } from '../catalog/resource.ts';
import { Views } from './views.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const storedAs = (apiVersion: string, name: string): CacheEntry => {
  const bytes = spliceVersion(encodeStored(gadget(apiVersion, name, 3)), '7');
  return new CacheEntry(`/registry/example.test/gadgets/one/${name}`, 7, bytes, 'one', name);
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
    return new CacheEntry(`/registry/example.test/gadgets/one/g${i}`, 7, bytes, 'one', `g${i}`);
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
