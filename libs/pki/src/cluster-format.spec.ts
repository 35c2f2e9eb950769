import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { describe, expect, it } from 'vitest';
import { clusterSecretsKey, loadOrCreateClusterSecrets, raiseClusterFormat } from './cluster-secrets.ts';
import { sealingKeyOf } from './sealing.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const key = sealingKeyOf(Buffer.alloc(32, 1).toString('base64'));

async function stored(store: Store): Promise<object> {
  const { entry } = await store.get(clusterSecretsKey, ctx);
  return JSON.parse(Buffer.from(entry!.value).toString());
}

async function write(store: Store, envelope: object): Promise<void> {
  const value = Buffer.from(JSON.stringify(envelope));
  await store.commit({ conditions: [], writes: [{ op: 'put', key: clusterSecretsKey, value }] }, ctx);
}

/** A cluster as it is in the given format. */
async function cluster(format: number) {
  const store = memoryStore();
  const secrets = await loadOrCreateClusterSecrets(store, key, ctx);
  await write(store, { ...(await stored(store)), format });
  return { store, secrets };
}

describe('the format of a cluster', () => {
  it('is 2 for a new one', async () => {
    const store = memoryStore();
    await loadOrCreateClusterSecrets(store, key, ctx);
    expect(await stored(store)).toMatchObject({ format: 2 });
  });

  it('is raised from 1, which opens to the same secrets before and after', async () => {
    const { store, secrets } = await cluster(1);
    const before = await stored(store);
    expect(await loadOrCreateClusterSecrets(store, key, ctx)).toEqual(secrets);
    await raiseClusterFormat(store, ctx);
    expect(await stored(store)).toEqual({ ...before, format: 2 });
    expect(await loadOrCreateClusterSecrets(store, key, ctx)).toEqual(secrets);
  });

  it.each([2, 3])('is left as it is where it is %i already', async (format) => {
    const { store } = await cluster(format);
    const before = await store.currentRevision(ctx);
    await raiseClusterFormat(store, ctx);
    expect(await store.currentRevision(ctx)).toBe(before);
  });

  it('is none where the secrets are gone', async () => {
    const store = memoryStore();
    await raiseClusterFormat(store, ctx);
    expect((await store.get(clusterSecretsKey, ctx)).entry).toBeUndefined();
  });

  it.each([
    ['raised it further', 3, 3],
    ['wrote it anew in the old one', 1, 2],
  ])('is decided anew when another server %s meanwhile', async (_, theirs, after) => {
    const { store } = await cluster(1);
    let isFirst = true;
    const commit: Store['commit'] = async (transaction, within) => {
      if (isFirst) await write(store, { ...(await stored(store)), format: theirs, data: 'theirs' });
      isFirst = false;
      return await store.commit(transaction, within);
    };
    await raiseClusterFormat({ get: (name, within) => store.get(name, within), commit }, ctx);
    expect(await stored(store)).toMatchObject({ format: after, data: 'theirs' });
  });
});
