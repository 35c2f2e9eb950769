import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { clusterSecretsKey } from '@kubernest/pki';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import { Api } from '../control-plane/support/api.ts';
import { refs } from '../control-plane/support/refs.ts';
import { ctx } from '../control-plane/support/seen.ts';
import { TestEtcd } from './support/etcd.ts';

const file = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'release-before', name));

let home: string;
let etcd: TestEtcd | undefined;
let api: Api | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubernest-before-'));
});
afterEach(async () => {
  await api?.end('SIGKILL');
  await etcd?.dispose();
  [api, etcd] = [undefined, undefined];
  rmSync(home, { recursive: true, force: true });
});

/** Puts there what the release before left, and says which objects that were, and at which `--store` they are. */
const left: Readonly<Record<'sqlite' | 'etcd', () => Promise<{ store: string; objects: readonly KubeObject[] }>>> = {
  async sqlite() {
    const directory = join(home, 'data', 'sqlite');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, 'state.db'), gunzipSync(file('state.db.gz')), { mode: 0o600 });
    const db = new DatabaseSync(join(directory, 'state.db'), { readOnly: true });
    const rows = db
      .prepare(`SELECT log.value FROM current JOIN log ON log.id = current.id
        WHERE current.key LIKE '/registry/%' AND current.expires_at IS NULL`)
      .all() as { value: Uint8Array }[];
    db.close();
    return { store: 'sqlite', objects: rows.map(({ value }) => JSON.parse(Buffer.from(value).toString())) };
  },
  async etcd() {
    etcd = await TestEtcd.start();
    const keys = JSON.parse(String(gunzipSync(file('keys.json.gz')))) as [key: string, value: string][];
    for (const [key, value] of keys) {
      const body = JSON.stringify({ key: base64(key), value: base64(value) });
      expect((await fetch(`${etcd.endpoint}/v3/kv/put`, { method: 'POST', body })).status).toBe(200);
    }
    const objects = keys.filter(([key]) => key.includes('/registry/')).map(([, value]) => JSON.parse(value));
    return { store: etcd.endpoint, objects };
  },
};
/** What lies sealed at the key of the cluster's secrets, while nobody serves. */
const secrets: Readonly<Record<'sqlite' | 'etcd', () => Promise<object>>> = {
  async sqlite() {
    using db = new DatabaseSync(join(home, 'data', 'sqlite', 'state.db'), { readOnly: true });
    const row = db
      .prepare('SELECT log.value FROM current JOIN log ON log.id = current.id WHERE current.key = ?')
      .get(clusterSecretsKey) as { value: Uint8Array };
    return JSON.parse(Buffer.from(row.value).toString());
  },
  async etcd() {
    const everything = JSON.stringify({ key: 'AA==', range_end: 'AA==' });
    const answer = await fetch(`${etcd!.endpoint}/v3/kv/range`, { method: 'POST', body: everything });
    const { kvs } = (await answer.json()) as { kvs: { key: string; value: string }[] };
    const { value } = kvs.find(({ key }) => Buffer.from(key, 'base64').toString().endsWith(clusterSecretsKey))!;
    return JSON.parse(Buffer.from(value, 'base64').toString());
  },
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What a release that comes later may not change: all of an object but who wrote what, and what controllers have seen since. */
function lasting({ status, ...object }: KubeObject & { readonly status?: unknown }): object {
  const { resourceVersion, managedFields, generation, ...metadata } = object.metadata;
  const isOurs = metadata.namespace === 'kept' || metadata.labels?.['kept'] !== undefined;
  // What belongs to the cluster itself (Leases, default roles) goes on being written.
  return isOurs ? { ...object, metadata } : { metadata: { name: metadata.name, uid: metadata.uid } };
}

async function stored(there: Api, { apiVersion, kind, metadata }: KubeObject): Promise<KubeObject> {
  const [version = '', group = ''] = apiVersion!.split('/').toReversed();
  const definition = builtinKinds.find((each) => each.kind === kind && each.group === group);
  const { name = '', namespace } = metadata;
  const ref = { group, version, resource: definition!.plural };
  return there.client().resource(ref).fetch({ name, namespace }, ctx);
}

function apiOn(which: 'sqlite' | 'etcd', store: string): Promise<Api> {
  const sealingKey = join(home, 'sealing.key');
  writeFileSync(sealingKey, JSON.parse(String(file('sealing-keys.json')))[which], { mode: 0o600 });
  return Api.on({ dir: home, store, sealingKey, address: '127.0.0.1' });
}

describe.each(['sqlite', 'etcd'] as const)('what the release before left in %s', (which) => {
  it('comes up with every object as it was, and goes on', async () => {
    const { store, objects } = await left[which]();
    expect(await secrets[which]()).toMatchObject({ format: 1 });
    api = await apiOn(which, store);
    await api.start();
    const kinds = new Set(objects.map(({ kind }) => kind));
    expect([kinds.size, objects.length > 90]).toEqual([which === 'etcd' ? 17 : 16, true]);
    for (const object of objects) expect(await stored(api, object)).toMatchObject(lasting(object));

    // One authority, so that kubeconfigs and pods of then are still believed.
    const rootCa = objects.find(({ metadata }) => metadata.name === 'kube-root-ca.crt') as
      | { data?: object }
      | undefined;
    const config = JSON.parse(await api.kubectl(['config', 'view', '--raw', '-o', 'json']));
    const { 'certificate-authority-data': ca } = config.clusters[0].cluster;
    expect(rootCa?.data).toEqual({ 'ca.crt': Buffer.from(ca, 'base64').toString() });
    await api.kubectl(['-n', 'kept', 'create', 'service', 'clusterip', 'new', '--tcp=80']);
    // Deleted then, and held by a finalizer until now.
    const free = [
      '-n',
      'kept',
      'patch',
      'configmap',
      'applied',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ];
    await api.kubectl(free);
    await api.kubectl(['-n', 'kept', 'wait', '--for=delete', '--timeout=20s', 'configmap/applied']);
    await api.kubectl(['-n', 'kept', 'scale', 'deployment', 'kept-deployment', '--replicas=5']);
    await eventually(async () => {
      const { items } = await api!.client().resource(refs.pods).list({ namespace: 'kept' }, ctx);
      const ofDeployment = items.filter(({ metadata }) => metadata.name!.startsWith('kept-deployment-'));
      expect(ofDeployment).toHaveLength(5);
    });

    // The release before refuses it from now on, and today's does not.
    await api.end('SIGTERM');
    expect(await secrets[which]()).toMatchObject({ format: 2 });
    await api.start();
    await api.kubectl(['-n', 'kept', 'get', 'service', 'new']);
  });

  it('is still the release before’s after a start that failed', async () => {
    const { store } = await left[which]();
    api = await apiOn(which, store);
    await using other = createServer().listen(api.port, '127.0.0.1');
    await once(other, 'listening');
    await expect(api.start()).rejects.toThrow(String(api.port));
    expect(await secrets[which]()).toMatchObject({ format: 1 });
  });
});
