import { type Context, FakeClock, Metrics, silentLogger } from '@kubernest/kit';
import type { Transaction } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { beforeEach, expect, it } from 'vitest';
import { countedStore } from './counted-store.ts';

const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
const key = '/registry/apps/deployments/default/web';
const put = { op: 'put', key, value: Buffer.from('{}') } as const;
let metrics: Metrics;
let store: ReturnType<typeof countedStore>;
beforeEach(() => {
  metrics = new Metrics();
  store = countedStore(memoryStore({ clock }), metrics);
});

const counts = (name: string) => {
  const metric = metrics.all().find((each) => each.name === name)!;
  const lines = metric.samples().filter(({ metricName }) => metricName === name || metricName === `${name}_count`);
  return Object.fromEntries(lines.map(({ labels, value }) => [Object.values(labels).join(), value]));
};

it('counts each call by what it does to which resource, and how long it took', async () => {
  const commit = (transaction: Transaction) => store.commit(transaction, ctx);
  const made = await commit({ conditions: [{ key, revision: 0 }], writes: [put] });
  await commit({ conditions: [{ key, revision: made.revision }], writes: [put] });
  await commit({ conditions: [], writes: [{ op: 'delete', key }] });
  await store.get('/registry/core/pods/default/a', ctx);
  await store.list('/registry/core/pods/', {}, ctx);
  await store.list('/registry/core/pods/default/', { countOnly: true }, ctx);
  const expected = {
    'create,apps,deployments': 1,
    'update,apps,deployments': 1,
    'delete,apps,deployments': 1,
    'get,,pods': 1,
    'list,,pods': 1,
    'listCount,,pods': 1,
  };
  expect(counts('etcd_requests_total')).toEqual(expected);
  expect(counts('etcd_request_duration_seconds')).toEqual(expected);
  expect(Object.values(counts('etcd_request_errors_total')).some((value) => value > 0)).toBe(false);
});

it('counts what failed, and passes the fault on', async () => {
  await expect(store.get(key, ctx, 1_000_000)).rejects.toThrow();
  expect(counts('etcd_request_errors_total')).toEqual({ 'get,apps,deployments': 1 });
});

it('names no resource for keys that are of none, whatever they are', async () => {
  for (const own of ['/registry/', '/registry/odd', '/own/a', '/own/b']) await store.get(own, ctx);
  expect(counts('etcd_requests_total')).toEqual({ 'get,,': 4 });
});
