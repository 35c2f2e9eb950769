import type { Client } from '@kubernest/client';
import { createClient, httpTransport, loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import type { Namespace } from '@kubernest/kinds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refs } from '../control-plane/support/refs.ts';
import { ctx, Seen } from '../control-plane/support/seen.ts';
import { Writing } from '../control-plane/support/writing.ts';
import { TestEtcd } from '../store/support/etcd.ts';
import { eventually, TestCluster } from './test-cluster.ts';

let etcd: TestEtcd;
let cluster: TestCluster;
let client: Client;

const connect = (): Client => createClient(httpTransport(transportOptionsOf(loadKubeconfig([cluster.env.KUBECONFIG]))));

beforeAll(async () => {
  etcd = await TestEtcd.start();
  cluster = await TestCluster.start('e2e-etcd', [`--store=${etcd.endpoint}`]);
  client = connect();
  await cluster.image('idle:1', { command: ['/bin/sleep', '100000'] });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await etcd?.dispose();
});

const scaleTo = async (replicas: number): Promise<void> => {
  await cluster.kubectl('scale', 'deployment/idle', `--replicas=${replicas}`);
  await cluster.kubectl('rollout', 'status', 'deployment/idle', '--timeout=40s');
};

describe('a cluster whose store is etcd', () => {
  it('runs pods', async () => {
    await cluster.kubectl('create', 'deployment', 'idle', '--image=idle:1', '--replicas=2');
    await cluster.kubectl('rollout', 'status', 'deployment/idle', '--timeout=40s');
    expect(await cluster.kubectl('get', 'nodes')).toMatch(/ Ready /);
  });

  it('has everything again after down and up', async () => {
    const uids = (): Promise<string> =>
      cluster.kubectl('get', 'namespaces,deployments,pods,services', '-A', '-o', 'jsonpath={.items[*].metadata.uid}');
    const before = await uids();
    expect((await cluster.kubernest('down')).code).toBe(0);
    await cluster.up();
    expect(await uids()).toBe(before);
    await scaleTo(3);
  });

  it('says that the store is away while it is, loses nothing that it acknowledged, and goes on', async () => {
    client = connect();
    using watch = await Seen.from<Namespace>(client, refs.namespaces, '');
    await cluster.kubectl('create', 'namespace', 'etcd-away');
    const writing = new Writing(client, 'etcd-away');
    await eventually(async () => expect(writing.acknowledged.length).toBeGreaterThan(20));
    await etcd.stop('SIGKILL');
    const away = {
      code: 503,
      reason: 'ServiceUnavailable',
      message: expect.stringContaining('store is not available'),
    };
    await eventually(async () => expect(writing.refused.length).toBeGreaterThan(20));
    expect(writing.refused.at(-1)).toMatchObject(away);
    const namespaces = client.resource(refs.namespaces);
    await expect(namespaces.fetch({ name: 'default' }, ctx)).rejects.toMatchObject(away);
    await expect(namespaces.list({}, ctx)).rejects.toMatchObject(away);
    expect((await namespaces.list({ resourceVersion: '0' }, ctx)).items).not.toEqual([]);
    const ready = client.raw({ method: 'GET', path: '/readyz' }, ctx);
    await expect(ready).rejects.toMatchObject({ code: 500, message: expect.stringContaining('[-]etcd failed') });
    expect((await client.raw({ method: 'GET', path: '/livez' }, ctx)).status).toBe(200);
    const refused = await cluster.tryKubectl(['get', 'namespaces']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the store is not available');
    // Long enough that the leaders lose their Leases.
    await eventually(async () => expect(cluster.log('api')).toContain('lost the lease'));
    const before = writing.acknowledged.length;
    await etcd.start();
    await eventually(async () => expect(writing.acknowledged.length).toBeGreaterThan(before + 20));
    await writing.stop();
    expect(await writing.lost(client)).toEqual([]);
    await cluster.kubectl('create', 'namespace', 'etcd-back');
    await watch.until((events) => events.some(({ object }) => object.metadata.name === 'etcd-back'));
    await scaleTo(5);
    expect((await client.raw({ method: 'GET', path: '/readyz' }, ctx)).status).toBe(200);
  }, 120_000);

  it('answers also while etcd is there and answers nothing', async () => {
    await etcd.hold();
    try {
      const hung = client.resource(refs.namespaces).list({}, ctx);
      await expect(hung).rejects.toMatchObject({ code: 503, reason: 'ServiceUnavailable' });
    } finally {
      etcd.goOn();
    }
    await eventually(() => client.resource(refs.namespaces).list({}, ctx));
    await scaleTo(2);
  });
});
