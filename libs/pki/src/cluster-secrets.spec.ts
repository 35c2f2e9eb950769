import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterSecretsKey, hasClusterSecrets, loadOrCreateClusterSecrets } from './cluster-secrets.ts';
import { loadOrCreateSealingKey, loadSealingKey, SealingKeyError, seal, sealingKeyOf, unseal } from './sealing.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const keyOne = sealingKeyOf(Buffer.alloc(32, 1).toString('base64'));
const keyTwo = sealingKeyOf(Buffer.alloc(32, 2).toString('base64'));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubernest-seal-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('cluster secrets', () => {
  it('are the same for two servers that start at once on one store, and at every later start', async () => {
    const store = memoryStore();
    const [a, b] = await Promise.all([
      loadOrCreateClusterSecrets(store, keyOne, ctx),
      loadOrCreateClusterSecrets(store, keyOne, ctx),
    ]);
    expect(a).toEqual(b);
    expect(await loadOrCreateClusterSecrets(store, keyOne, ctx)).toEqual(a);
    expect(a.authority.certificate).not.toBe(a.frontProxyAuthority.certificate);
  });

  it('lie sealed in the store', async () => {
    const store = memoryStore();
    const secrets = await loadOrCreateClusterSecrets(store, keyOne, ctx);
    const { entry } = await store.get(clusterSecretsKey, ctx);
    const stored = Buffer.from(entry!.value).toString('latin1');
    expect(stored).not.toContain('PRIVATE');
    expect(stored).not.toContain(secrets.authority.key.split('\n')[1]);
  });

  it('do not open with another key, and the error says what to do', async () => {
    const store = memoryStore();
    await loadOrCreateClusterSecrets(store, keyOne, ctx);
    const attempt = loadOrCreateClusterSecrets(store, keyTwo, ctx);
    await expect(attempt).rejects.toThrow(/sealed with another key .* give this server the sealing key file/);
    await expect(attempt).rejects.toBeInstanceOf(SealingKeyError);
  });
});

describe('sealing', () => {
  it('opens what it sealed, under the same name only, and nothing that was changed', () => {
    const sealed = seal(keyOne, '/a', Buffer.from('content'));
    expect(Buffer.from(unseal(keyOne, '/a', sealed)).toString()).toBe('content');
    expect(JSON.parse(Buffer.from(sealed).toString())).toMatchObject({ format: 1 });
    expect(() => unseal(keyOne, '/b', sealed)).toThrow('damaged or changed');
    const parts = JSON.parse(Buffer.from(sealed).toString());
    const changed = { ...parts, data: Buffer.from('CONTENT').toString('base64') };
    expect(() => unseal(keyOne, '/a', Buffer.from(JSON.stringify(changed)))).toThrow('damaged or changed');
    expect(() => unseal(keyOne, '/a', Buffer.from('{"format":3}'))).toThrow('newer Kubernest');
    expect(() => unseal(keyOne, '/a', Buffer.from('rubbish'))).toThrow('not sealed data');
  });

  it('makes its key file once, readable by its owner alone', async () => {
    const path = join(folder, 'secrets/sealing.key');
    const [a, b] = await Promise.all([loadOrCreateSealingKey(path), loadOrCreateSealingKey(path)]);
    expect(a).toEqual(b);
    expect(await loadOrCreateSealingKey(path)).toEqual(a);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('makes no key where the cluster has one already', async () => {
    const path = join(folder, 'lost.key');
    await expect(loadSealingKey(path)).rejects.toThrow(`the sealing key ${path} is missing`);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    const made = await loadOrCreateSealingKey(path);
    expect(await loadSealingKey(path)).toEqual(made);
  });

  it('names the file of a key that is not the one', async () => {
    const store = memoryStore();
    expect(await hasClusterSecrets(store, ctx)).toBe(false);
    await loadOrCreateClusterSecrets(store, keyOne, ctx);
    expect(await hasClusterSecrets(store, ctx)).toBe(true);
    const path = join(folder, 'foreign.key');
    const foreign = await loadOrCreateSealingKey(path);
    await expect(loadOrCreateClusterSecrets(store, foreign, ctx)).rejects.toThrow(`${path} has ${foreign.id}`);
  });

  it('names the file that cannot be read', async () => {
    await expect(loadSealingKey(folder)).rejects.toThrow(`${folder} cannot be read: it is a folder`);
  });

  it('names the file of a malformed key', async () => {
    const path = join(folder, 'broken.key');
    await writeFile(path, 'short');
    await expect(loadOrCreateSealingKey(path)).rejects.toThrow(
      `the sealing key ${path} is malformed: it must be 32 bytes in base64`,
    );
  });
});
