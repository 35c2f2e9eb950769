import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { clusterSecretsKey, loadOrCreateClusterSecrets, sealingKeyOf } from '@kubernest/pki';
import { expect, it } from 'vitest';
import { clusterFormat } from './cluster-format.ts';
import { smallDisk } from './testing/small-disk.ts';

/** As the release before left it. */
async function before() {
  const clock = new FakeClock();
  const stopping = new AbortController();
  const { store, disk } = smallDisk(clock);
  const ctx: Context = { signal: stopping.signal, clock, log: silentLogger };
  await loadOrCreateClusterSecrets(store, sealingKeyOf(Buffer.alloc(32, 1).toString('base64')), ctx);
  const envelope = async () =>
    JSON.parse(Buffer.from((await store.get(clusterSecretsKey, ctx)).entry!.value).toString());
  const value = Buffer.from(JSON.stringify({ ...(await envelope()), format: 1 }));
  await store.commit({ conditions: [], writes: [{ op: 'put', key: clusterSecretsKey, value }] }, ctx);
  return { ctx, clock, stopping, store, disk, format: async () => (await envelope()).format };
}

it('a cluster of the release before is marked once the start is through', async () => {
  const { ctx, stopping, store, format } = await before();
  const { done } = await clusterFormat(store).start(ctx);
  expect(await format()).toBe(2);
  stopping.abort();
  await done;
});

it('a full disk does not fail the start: the cluster is marked once there is room', async () => {
  const { ctx, clock, stopping, store, disk, format } = await before();
  disk.full = true;
  const { done } = await clusterFormat(store).start(ctx);
  await clock.advance(10_000);
  expect(await format()).toBe(1);
  disk.full = false;
  await clock.advance(10_000);
  expect(await format()).toBe(2);
  stopping.abort();
  await done;
});
