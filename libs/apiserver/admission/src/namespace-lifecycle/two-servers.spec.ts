import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';
import { admin, type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { storeWith } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The same store, whose watches stand still from `fallBehind` to `catchUp`. */
function lagging(store: Store) {
  let held: (() => void)[] | undefined;
  const watch: Store['watch'] = (options, onBatch, ctx) =>
    store.watch(options, (batch) => (held ? void held.push(() => onBatch(batch)) : onBatch(batch)), ctx);
  return {
    store: storeWith(store, { watch }),
    fallBehind: () => {
      held = [];
    },
    catchUp: () => {
      for (const tell of held ?? []) tell();
      held = undefined;
    },
  };
}

const namespaces = '/api/v1/namespaces';
const leases = '/apis/coordination.k8s.io/v1/namespaces/team/leases';
const apply = { 'content-type': 'application/apply-patch+yaml' };
/** Every way in which an object comes to be. */
const creations: [string, object, Record<string, string>?][] = [
  [`POST ${namespaces}/team/configmaps`, { metadata: { name: 'a' } }],
  [
    `POST ${namespaces}/team/pods`,
    { metadata: { generateName: 'a-' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  ],
  [`PUT ${leases}/a`, { metadata: { name: 'a' }, spec: {} }],
  [
    `PATCH ${namespaces}/team/configmaps/b?fieldManager=me`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
    apply,
  ],
];

let first: TestCluster;
let second: TestCluster;
let lag: ReturnType<typeof lagging>;
beforeEach(async () => {
  const store = memoryStore();
  first = await testCluster({ store });
  lag = lagging(store);
  second = await testCluster({ store: lag.store });
  await first.call(admin, `POST ${namespaces}`, { metadata: { name: 'team' } });
  await first.call(admin, `POST ${namespaces}/team/serviceaccounts`, { metadata: { name: 'default' } });
  await second.caughtUp();
  lag.fallBehind();
});
afterEach(async () => {
  lag.catchUp();
  await second[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
});

const remove = () => first.call(admin, `DELETE ${namespaces}/team`);
const finish = () => first.call(admin, `PUT ${namespaces}/team/finalize`, { metadata: { name: 'team' }, spec: {} });
const ask = async ([line, body, headers]: (typeof creations)[number]) => {
  const { status, object } = await second.call({ ...admin, ...(headers ? { headers } : {}) }, line, body);
  return [status, object.message ?? object.kind];
};
const left = async () =>
  (await Promise.all(['core/configmaps', 'core/pods', 'coordination.k8s.io/leases'].map(stored))).flat();
const stored = async (resource: string) =>
  (await first.store.list(`/registry/${resource}/team/`, {}, first.ctx)).entries.map(({ key }) => key);

describe.each(creations)('through a server that has not heard of it yet, %s', (...creation) => {
  it('finds a namespace that another server has finished deleting gone', async () => {
    await remove();
    await finish();
    expect(await ask(creation)).toEqual([404, 'namespaces "team" not found']);
    expect(await left()).toEqual([]);
  });

  it('finds a namespace that another server has begun to delete going', async () => {
    await remove();
    expect(await ask(creation)).toEqual([
      403,
      expect.stringContaining('unable to create new content in namespace team because it is being terminated'),
    ]);
    expect(await left()).toEqual([]);
  });

  it('makes it in a namespace that another server has changed', async () => {
    await first.call(admin, `PATCH ${namespaces}/team`, { metadata: { labels: { a: 'b' } } });
    expect(await ask(creation)).toEqual([201, expect.any(String)]);
  });

  it('makes it in a namespace that another server has deleted and made again', async () => {
    await remove();
    lag.catchUp();
    lag.fallBehind();
    await finish();
    await first.call(admin, `POST ${namespaces}`, { metadata: { name: 'team' } });
    await first.call(admin, `POST ${namespaces}/team/serviceaccounts`, { metadata: { name: 'default' } });
    expect(await ask(creation)).toEqual([201, expect.any(String)]);
  });
});
