import { type Store, StoreUnavailableError } from '@kubernest/store/contract';
import { openEtcdStore } from '@kubernest/store/etcd';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctx, put, Recorder, text, write } from '../../libs/store/contract/src/suite/fixture.ts';
import { TestEtcd } from './support/etcd.ts';

let etcd: TestEtcd;
let store: Store;

beforeEach(async () => {
  etcd = await TestEtcd.start();
  store = await openEtcdStore({ endpoints: [etcd.endpoint], prefix: '/away' });
});
afterEach(async () => {
  await store.close();
  await etcd.dispose();
});

/** The first answer after the client found etcd again; it may need a few attempts, as any caller would make. */
async function recovered<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('an etcd that goes away and comes back', () => {
  it('is unavailable meanwhile, then works, with all that was acknowledged and no gap in a watch', async () => {
    const start = await store.currentRevision(ctx);
    const watch = new Recorder(store, '/', start);
    const first = await write(store, put('/a', '1'));
    await watch.reached(first);
    await etcd.stop('SIGKILL');
    expect(await watch.done).toBeInstanceOf(StoreUnavailableError);
    await expect(write(store, put('/a', '2'))).rejects.toThrow(StoreUnavailableError);
    await expect(store.get('/a', ctx)).rejects.toThrow(StoreUnavailableError);
    await expect(store.list('/', {}, ctx)).rejects.toThrow(StoreUnavailableError);
    await etcd.start();
    const { entry } = await recovered(() => store.get('/a', ctx));
    expect([text(entry?.value), entry?.revision]).toEqual(['1', first]);
    const second = await recovered(() => write(store, put('/b')));
    const again = new Recorder(store, '/', first);
    await again.reached(second);
    expect(again.story).toEqual([`put /b@${second}`]);
    await again.stop();
  });

  it('cannot be opened while away, with its address in the message', async () => {
    await etcd.stop();
    const opening = openEtcdStore({ endpoints: [etcd.endpoint], prefix: '/away' });
    await expect(opening).rejects.toThrow(StoreUnavailableError);
    await expect(opening).rejects.toThrow(etcd.endpoint.replace('http://', ''));
  });
});

describe('an etcd that others use too', () => {
  it('shows nothing of theirs, and a watch still reaches every fresh revision', async () => {
    const other = await openEtcdStore({ endpoints: [etcd.endpoint], prefix: '/away2' });
    const watch = new Recorder(store, '', await store.currentRevision(ctx));
    await write(other, put('/theirs'));
    const fresh = await store.currentRevision(ctx);
    await watch.reached(fresh);
    expect(watch.events).toEqual([]);
    expect((await store.list('', {}, ctx)).entries).toEqual([]);
    await watch.stop();
    await other.close();
  });

  it('lists more than one page of etcd at one revision', async () => {
    for (let start = 0; start < 4500; start += 100)
      await write(store, ...Array.from({ length: 100 }, (_, i) => put(`/many/${String(start + i).padStart(5, '0')}`)));
    const { entries, remaining } = await store.list('/many/', {}, ctx);
    expect(entries).toHaveLength(4500);
    expect(new Set(entries.map((entry) => entry.key)).size).toBe(4500);
    expect(remaining).toBe(0);
    expect((await store.list('/many/', { limit: 2500 }, ctx)).remaining).toBe(2000);
  });
});
