import { Catalog } from '@kubernest/apiserver/contract';
import { widgetLike } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { expect, it, onTestFinished } from 'vitest';
import { createEngine, followCatalog, startEngine } from './create-engine.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget = (version: string) => widgetLike(configMap, version);
const prefix = '/registry/example.test/widgets/';

/** An engine that serves two versions of widgets. One widget came and went. */
async function world() {
  const life = new AbortController();
  const ctx: Context = { signal: life.signal, clock: new FakeClock(), log: silentLogger };
  const store = memoryStore(ctx);
  const [v1, v2] = [widget('v1'), widget('v2')];
  const catalog = new Catalog([configMap, v1, v2]);
  const engine = createEngine({ store, catalog });
  const { cache } = engine;
  catalog.onChange((change) => followCatalog(engine, change));
  const { done } = await startEngine(engine, ctx);
  onTestFinished(async () => {
    life.abort();
    await done;
  });
  const key = `${prefix}default/a`;
  const commit = async (revision: number, value?: Uint8Array) => {
    const write = value ? { op: 'put' as const, key, value } : { op: 'delete' as const, key };
    const committed = await store.commit({ conditions: [{ key, revision }], writes: [write] }, ctx);
    await cache.freshness.until(committed.revision, ctx);
    return committed.revision;
  };
  const object = { kind: 'Widget', apiVersion: 'example.test/v1', metadata: { resourceVersion: '', name: 'a' } };
  const put = () => commit(0, Buffer.from(JSON.stringify(object)));
  const began = cache.revision;
  await commit(await put());
  const seen = () => cache.of(prefix).since(began)?.length;
  return { catalog, v1, v2, seen, put, cache };
}

it('keeps the past of a kind as long as one of its versions is served, or when it is replaced', async () => {
  const { catalog, v1, v2, seen } = await world();
  catalog.apply({ gone: [v1] });
  expect(seen()).toBe(2);
  catalog.apply({ gone: [v2], served: [widget('v2')] });
  expect(seen()).toBe(2);
});

it('keeps nothing of a kind that went, and begins anew with one that comes back', async () => {
  const { catalog, v1, v2, seen, put, cache } = await world();
  const before = cache.of(prefix);
  catalog.apply({ gone: [v1, v2] });
  catalog.apply({ served: [v1] });
  expect(cache.of(prefix)).not.toBe(before);
  expect(seen()).toBeUndefined();
  const { historyBegin } = cache.of(prefix);
  await put();
  expect(cache.of(prefix).since(historyBegin)).toHaveLength(1);
  expect(cache.of(prefix).size).toBe(1);
});
