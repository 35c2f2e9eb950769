import { CacheEntry, encodeStored, spliceVersion } from '@kubernest/apiserver/codec';
import { Converter, gadget, gadgetsIn, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeEach, expect, it } from 'vitest';
import { Resource } from '../catalog/resource.ts';
import { BELIEVED, Views } from './views.ts';

let clock: FakeClock;
let ctx: Context;
let converter: Converter;
let views: Views;
/** The second version is converted by this process, the third by somebody else. */
let second: Resource;
let third: Resource;
beforeEach(() => {
  clock = new FakeClock();
  ctx = { signal: new AbortController().signal, clock, log: silentLogger };
  converter = new Converter();
  views = new Views();
  [, second, third] = gadgetsIn(v1, converter).map((definition) => new Resource(definition)) as [
    Resource,
    Resource,
    Resource,
  ];
});

const stored = (name: string): CacheEntry => {
  const key = `/registry/example.test/gadgets/one/${name}`;
  const bytes = spliceVersion(encodeStored(gadget(v1, name, 3)), '7');
  return new CacheEntry({ key, revision: 7, bytes, namespace: 'one', name });
};

it('what somebody else’s converter said is believed for a while, then it is asked again', async () => {
  const entries = [stored('a'), stored('b')];
  const first = await views.all(third, entries, ctx);
  await clock.advance(BELIEVED - 1);
  expect(await views.all(third, entries, ctx)).toEqual(first);
  expect(converter.calls).toEqual([`2 to ${v3}`]);
  await clock.advance(1);
  expect(await views.one(third, entries[0]!, ctx)).not.toBe(first[0]);
  await Promise.all([views.all(third, entries, ctx), views.all(third, entries, ctx)]);
  expect(converter.calls).toEqual([`2 to ${v3}`, `1 to ${v3}`, `1 to ${v3}`]);
  expect(views.bytes).toBe(2 * first[0]!.bytes.length);
});

it('once it is gone nobody is shown what it said before', async () => {
  const entry = stored('a');
  await views.one(third, entry, ctx);
  converter.failWith('gone');
  expect(await views.one(third, entry, ctx)).toMatchObject({ storedAs: v3 });
  await clock.advance(BELIEVED);
  await expect(views.one(third, entry, ctx)).rejects.toThrow('gone');
});

it('what this process makes itself is believed for good, also by who writes', async () => {
  const entry = stored('a');
  const view = await views.one(second, entry, ctx);
  await clock.advance(10 * BELIEVED);
  expect([await views.one(second, entry, ctx), await views.forWrite(second, entry, ctx)]).toEqual([view, view]);
  expect(converter.calls).toEqual([`1 to ${v2}`]);
});

it('who writes has it converted anew, for all who read from then on', async () => {
  const entry = stored('a');
  const read = await views.one(third, entry, ctx);
  const base = await views.forWrite(third, entry, ctx);
  expect(base).not.toBe(read);
  expect(await views.one(third, entry, ctx)).toBe(base);
  expect(converter.calls).toHaveLength(2);
});

it('who writes waits for no answer to a question that was asked before', async () => {
  const entry = stored('a');
  converter.hold(1);
  const { called } = converter;
  const reading = views.one(third, entry, ctx);
  await called;
  expect((await views.forWrite(third, entry, ctx)).storedAs).toBe(v3);
  converter.release();
  await reading;
  expect(converter.calls).toHaveLength(2);
});

it('what was shown to a writer is believed no longer because it is stored by now', async () => {
  const [written, cached] = [stored('a'), stored('a')];
  const made = await views.one(third, written, ctx);
  const view = made.under(8, '8');
  await clock.advance(BELIEVED - 1);
  views.keepStored(cached, { view, made });
  expect(views.one(third, cached, ctx)).toBe(view);
  await clock.advance(1);
  expect(await views.one(third, cached, ctx)).not.toBe(view);
});
