import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { expect, it } from 'vitest';
import { PastEntries } from './past-entries.ts';
import { ResourceCache } from './resource-cache.ts';
import { ResourceVersions } from './resource-versions.ts';

/** A store that answers nobody until it may. */
function world() {
  const clock = new FakeClock();
  const inner = memoryStore({ clock });
  const may = Promise.withResolvers<void>();
  const asked: string[] = [];
  const list: typeof inner.list = async (prefix, options, ctx) => {
    asked.push(`${prefix} ${options.limit}`);
    await may.promise;
    return inner.list(prefix, options, ctx);
  };
  const store = new Proxy(inner, { get: (_, name) => (name === 'list' ? list : undefined) });
  const past = new PastEntries(store, new ResourceVersions());
  const rangeOf = (plural: string) => {
    const prefix = `/registry/core/${plural}/`;
    return { cache: new ResourceCache(prefix, { events: 1, bytes: 1 }), prefix, after: undefined, revision: 0 };
  };
  const ctxOf = (signal: AbortSignal): Context => ({ signal, clock, log: silentLogger });
  return { past, asked, rangeOf, ctxOf, answer: () => may.resolve() };
}
const staying = new AbortController().signal;

it('passes over who is gone when its turn to read the store comes', async () => {
  const { past, asked, rangeOf, ctxOf, answer } = world();
  const range = rangeOf('pods');
  const leaving = new AbortController();
  const first = past.page(range, 1, ctxOf(staying));
  const gone = past.page(range, 2, ctxOf(leaving.signal));
  const third = past.page(range, 3, ctxOf(staying));
  leaving.abort(new Error('the client left'));
  answer();
  await expect(gone).rejects.toThrow('the client left');
  expect(await Promise.all([first, third])).toEqual([
    { entries: [], more: false },
    { entries: [], more: false },
  ]);
  expect(asked).toEqual(['/registry/core/pods/ 1', '/registry/core/pods/ 3']);
});

it('lets those who ask for one resource wait for each other, and for nobody else', async () => {
  const { past, asked, rangeOf, ctxOf, answer } = world();
  const [pods, maps] = [rangeOf('pods'), rangeOf('configmaps')];
  const all = [pods, pods, maps].map((range, i) => past.page(range, i, ctxOf(staying)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(['/registry/core/pods/ 0', '/registry/core/configmaps/ 2']);
  answer();
  await Promise.all(all);
  expect(asked).toHaveLength(3);
});
