import { FakeClock } from '@kubernest/kit';
import { admin, testCluster } from '@kubernest/testkit/cluster';
import { expect, it } from 'vitest';
import { defaults } from './defaults.ts';
import { smallDisk } from './testing/small-disk.ts';

it('a cluster that has begun starts where the store takes no writes, and gets what it lacks once it does', async () => {
  const { store, disk } = smallDisk(new FakeClock());
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
  const { store, disk } = smallDisk(new FakeClock());
  await using api = await testCluster({ store });
  disk.full = true;
  const { write } = api.server.core;
  await expect(defaults({ read: { get: () => undefined } as never, write }, []).start(api.ctx)).rejects.toThrow('full');
});
