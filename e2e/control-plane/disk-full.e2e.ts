import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@kubernest/client';
import type { ConfigMap } from '@kubernest/kinds';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, run } from '../cluster/test-cluster.ts';
import { Api } from './support/api.ts';
import { Deployed } from './support/deployed.ts';
import { refs } from './support/refs.ts';
import { ctx, Seen } from './support/seen.ts';
import { Writing } from './support/writing.ts';

const home = mkdtempSync(join(tmpdir(), 'kubernest-full-'));
const ballast = join(home, 'ballast');
const full = { code: 503, reason: 'ServiceUnavailable', message: expect.stringContaining('disk of the store is full') };
let api: Api;
let client: Client;

beforeAll(async () => {
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=56m', 'tmpfs', home]);
  if (mounted.code !== 0) throw new Error(`cannot mount a small disk: ${mounted.stderr}`);
  // More than the write-ahead log, which must fit into the database before it can begin anew.
  writeFileSync(ballast, Buffer.alloc(24 * 1024 * 1024));
  api = await Api.on({ dir: home, store: 'sqlite', sealingKey: join(home, 'sealing.key'), address: '127.0.0.1' });
  await api.start();
  client = api.client();
});
afterAll(async () => {
  await api?.end('SIGKILL');
  await run('umount', [home]);
  rmSync(home, { recursive: true, force: true });
});

it('a full disk refuses writes, lets read, and takes writes again once there is room', async () => {
  using watch = await Seen.from<ConfigMap>(client, refs.configmaps, 'default');
  using deployed = await Deployed.create(client, 'default', 'idle', 3);
  await deployed.untilCreated(3);
  const writing = new Writing(client, 'default', { payload: 'x'.repeat(100_000) });
  await eventually(async () => expect(writing.refused.length).toBeGreaterThan(20));
  expect(writing.refused.at(-1)).toMatchObject(full);
  expect(writing.acknowledged.length).toBeGreaterThan(20);
  expect(await writing.lost(client)).toEqual([]);
  expect((await client.raw({ method: 'GET', path: '/livez' }, ctx)).status).toBe(200);
  const before = writing.acknowledged.length;
  rmSync(ballast);
  await eventually(async () => expect(writing.acknowledged.length).toBeGreaterThan(before + 5));
  await writing.stop();
  expect(await writing.lost(client)).toEqual([]);
  const last = writing.acknowledged.at(-1);
  await watch.until((events) => events.some(({ object }) => object.metadata.name === last));
  const told = watch.events.filter(({ object }) => object.metadata.name?.startsWith('w'));
  expect(told.map(({ object }) => object.metadata.name)).toEqual(writing.acknowledged);
  await deployed.scale(client, 5);
  await deployed.untilCreated(5);
  expect(deployed.nodesOfPods.size).toBe(5);
  await api.end('SIGKILL');
  await api.start();
  client = api.client();
  expect(await writing.lost(client)).toEqual([]);
});

it('an API server that ends on a full disk starts on it, and goes on by itself once there is room', async () => {
  for (const name of ['before', 'after'])
    await client.resource(refs.namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, {}, ctx);
  const before = new Writing(client, 'before', { payload: 'x'.repeat(10_000) });
  await eventually(async () => expect(before.acknowledged.length).toBeGreaterThan(5));
  // Until nothing is left.
  await run('sh', ['-c', `cat /dev/zero > ${ballast}`]);
  await eventually(async () => expect(before.refused.length).toBeGreaterThan(20));
  await before.stop();

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await api.end(signal);
    // It needs a new one, which cannot be written.
    rmSync(join(home, 'data/pki/apiserver.crt'), { force: true });
    await run('sh', ['-c', `cat /dev/zero >> ${ballast}`]);
    await api.start();
    client = api.client();
    expect(await before.lost(client)).toEqual([]);
  }
  const after = new Writing(client, 'after');
  await eventually(async () => expect(after.refused.length).toBeGreaterThan(20));
  expect(after.refused.at(-1)).toMatchObject(full);
  expect(after.acknowledged).toEqual([]);

  rmSync(ballast);
  await eventually(async () => expect(after.acknowledged.length).toBeGreaterThan(5));
  await after.stop();
  using deployed = await Deployed.create(client, 'after', 'idle', 2);
  await deployed.untilCreated(2);
  expect([...(await before.lost(client)), ...(await after.lost(client))]).toEqual([]);
});
