import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Versions } from './versions.ts';
import { WatchCache } from './watch-cache.ts';

const prefix = '/registry/core/configmaps/';
const key = `${prefix}default/a`;

describe('a watch cache', () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
  const store = memoryStore({ clock });
  const cache = new WatchCache({ store, versions: new Versions(), history: { events: 10, bytes: 10_000 } });
  let done: Promise<void>;
  let began = 0;

  beforeAll(async () => {
    ({ done } = await cache.start(ctx));
    began = cache.revision;
    // Whoever is told looks inside, as informers do.
    cache.onFlush = (_, events) => {
      for (const { entry, old } of events) void [entry.object, old?.object];
    };
    let revision = 0;
    for (const text of ['one', 'two']) revision = await put(text, revision);
    cache.flush();
  });
  afterAll(async () => {
    controller.abort();
    await done;
  });

  async function put(text: string, revision: number): Promise<number> {
    const value = Buffer.from(
      `{"kind":"ConfigMap","metadata":{"resourceVersion":"","name":"a"},"data":{"text":"${text}"}}`,
    );
    const result = await store.commit({ conditions: [{ key, revision }], writes: [{ op: 'put', key, value }] }, ctx);
    return result.revision;
  }
  const history = () => cache.of(prefix).since(began)!;

  it('keeps what is stored decoded, and of what was only the bytes', () => {
    const [was, is] = history().map(({ entry }) => entry);
    expect(cache.of(prefix).get(key)).toBe(is);
    expect(is!.object).toBe(is!.object);
    expect(was!.object).toMatchObject({ data: { text: 'one' } });
    expect(was!.object).not.toBe(was!.object);
  });

  it('keeps no memory but that of its objects', () => {
    for (const { entry } of history()) expect(entry.bytes.buffer.byteLength).toBe(entry.bytes.length);
  });

  it('keeps of what was deleted the bytes, under the version of its end', async () => {
    await store.commit({ conditions: [], writes: [{ op: 'delete', key }] }, ctx);
    cache.flush();
    const { type, entry, revision } = history().at(-1)!;
    expect(type).toBe('DELETED');
    expect(entry.object).toMatchObject({ metadata: { resourceVersion: String(revision) }, data: { text: 'two' } });
    expect(entry.object).not.toBe(entry.object);
    expect(entry.bytes.buffer.byteLength).toBe(entry.bytes.length);
  });
});
