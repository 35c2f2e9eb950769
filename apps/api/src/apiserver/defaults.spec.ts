import { FakeClock } from '@kubernest/kit';
import { type Store, StoreFullError } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { admin, testCluster } from '@kubernest/testkit/cluster';
import { storeWith } from '@kubernest/testkit/server';
import { expect, it } from 'vitest';
import { defaults } from './defaults.ts';

/** A store on a disk that fills and empties as the spec says. */
function smallDisk(): { store: Store; disk: { full: boolean } } {
  const inner = memoryStore({ clock: new FakeClock() });
  const disk = { full: false };
  const commit: Store['commit'] = async (transaction, ctx) => {
    if (disk.full) throw new StoreFullError('no room');
    return await inner.commit(transaction, ctx);
  };
  return { store: storeWith(inner, { commit }), disk };
}

it('a cluster that has begun starts where the store takes no writes, and gets what it lacks once it does', async () => {
  const { store, disk } = smallDisk();
  await using api = await testCluster({ store });
  const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:basic-user';
  await api.call(admin, `DELETE ${role}`);
  const asked = () => api.call(admin, `GET ${role}`);
  expect((await asked()).status).toBe(404);
  disk.full = true;
  const { done } = await defaults(api.server.core, []).start(api.ctx);
  const { clock } = api;
  await clock.advance(10_000);
  expect((await asked()).status).toBe(404);
  disk.full = false;
  await clock.advance(10_000);
  expect((await asked()).status).toBe(200);
  await api[Symbol.asyncDispose]();
  await done;
});

it('a cluster that has not begun does not start without them', async () => {
  const { store, disk } = smallDisk();
  await using api = await testCluster({ store });
  disk.full = true;
  const { write } = api.server.core;
  await expect(defaults({ read: { get: () => undefined } as never, write }, []).start(api.ctx)).rejects.toThrow('full');
});
