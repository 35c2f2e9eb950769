import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock, TerminalError } from '@kubernest/kit';
import { loadOrCreateClusterSecrets, sealingKeyOf } from '@kubernest/pki';
import { memoryStore } from '@kubernest/store/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiserverConfig } from '../apiserver/apiserver.config.ts';
import { openSecrets } from '../apiserver/secrets.ts';
import { readConfig } from '../config/config.ts';
import { holdsCluster, mustNotBeLost } from './lost-state.ts';
import type { StoreConfig } from './store.config.ts';

const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
const key = sealingKeyOf(Buffer.alloc(32, 1).toString('base64'));
let dir: string;
let config: StoreConfig;
const etcd = () => ({ ...config, store: ['http://192.0.2.1:2379'] as const });

const put = (name: string, text: string): void => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-lost-'));
  const flags = ['--name=mine', `--data-dir=${dir}`, '--advertise-address=192.0.2.2'];
  config = readConfig([...flags, `--admin-kubeconfig=${join(dir, 'admin.kubeconfig')}`]).api as ApiserverConfig;
});
afterEach(() => rmSync(dir, { recursive: true }));

describe.each(['pki/apiserver.crt', 'admin.kubeconfig'])('where %s tells of a cluster', (trace) => {
  beforeEach(() => put(trace, 'a trace'));

  it.each([
    ['missing', () => {}],
    ['empty', () => put('sqlite/state.db', '')],
  ])('a database that is %s is not begun anew, and the way out is told', (what, make) => {
    make();
    const refused = () => mustNotBeLost(config);
    expect(refused).toThrow(TerminalError);
    expect(refused).toThrow(`${join(dir, 'sqlite/state.db')} is ${what}, but ${join(dir, trace)} shows`);
    expect(refused).toThrow(`kubernest down --purge --name mine --data-dir ${dir}`);
  });

  it('a store that holds nothing of it is not begun anew, whichever it is', async () => {
    await expect(holdsCluster(config, memoryStore(), ctx)).rejects.toThrow('state.db holds no cluster "mine"');
    await expect(holdsCluster(etcd(), memoryStore(), ctx)).rejects.toThrow(
      'etcd at http://192.0.2.1:2379 holds no cluster "mine"',
    );
  });

  it('its own store is used', async () => {
    put('sqlite/state.db', 'something');
    mustNotBeLost(config);
    const store = memoryStore();
    await loadOrCreateClusterSecrets(store, key, ctx);
    expect(await holdsCluster(config, store, ctx)).toBe(true);
  });
});

it('a cluster in etcd whose sealing key went with its data directory tells how to begin anew', async () => {
  const store = memoryStore();
  await loadOrCreateClusterSecrets(store, key, ctx);
  const lost = { ...(config as ApiserverConfig), store: etcd().store, sealingKey: join(dir, 'sealing.key') };
  await expect(openSecrets(lost, store, ctx)).rejects.toThrow(
    /sealing\.key is missing: .*begin anew: etcdctl --endpoints=http:\/\/192\.0\.2\.1:2379 del --prefix \/kubernest\/mine\/$/,
  );
  put('sealing.key', 'no key');
  const malformed = openSecrets(lost, store, ctx);
  await expect(malformed).rejects.toThrow(/sealing\.key is malformed: (?!.*etcdctl)/);
});

it('nothing is lost where there was nothing, as after a first start that broke off', async () => {
  put('cluster.json', '{}');
  put('sealing.key', 'made before the store was written');
  mustNotBeLost(config);
  expect(await holdsCluster(config, memoryStore(), ctx)).toBe(false);
});
