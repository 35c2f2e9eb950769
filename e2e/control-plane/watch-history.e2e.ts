import type { Client } from '@kubernest/client';
import type { KubeObject, ResourceRef } from '@kubernest/meta';
import type { Store, StoreEvent } from '@kubernest/store/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declared, establish, GROUP, get } from '../bad-input/support/declared.ts';
import { eventually } from '../cluster/test-cluster.ts';
import { Following, faultsOf } from './support/following.ts';
import { refs } from './support/refs.ts';
import { ctx } from './support/seen.ts';
import { newNamespace, TwoApis } from './support/two-apis.ts';

let two: TwoApis;
beforeAll(async () => {
  two = await TwoApis.start();
});
afterAll(() => two?.[Symbol.asyncDispose]());

const NAMESPACE = 'told';
const visits = { group: GROUP, version: 'v1', resource: 'visits' };
const otherVersion = { ...visits, version: 'v2' };
const prefixes = new Map<ResourceRef, string>([
  [refs.configmaps, `/registry/core/configmaps/${NAMESPACE}/`],
  [visits, `/registry/${GROUP}/visits/${NAMESPACE}/`],
  [otherVersion, `/registry/${GROUP}/visits/${NAMESPACE}/`],
]);

const objectOf = (ref: ResourceRef, metadata: { readonly namespace: string; readonly name: string }): KubeObject =>
  ref === refs.configmaps
    ? { apiVersion: 'v1', kind: 'ConfigMap', metadata }
    : { apiVersion: `${GROUP}/${ref.version}`, kind: 'Visit', metadata };

/** Makes objects, changes them and deletes some, whatever the answers. */
async function busy(
  client: Client,
  ref: ResourceRef,
  { own, until }: { own: string; until: AbortSignal },
): Promise<void> {
  const api = client.resource(ref);
  for (let n = 0; !until.aborted; n++) {
    const key = { namespace: NAMESPACE, name: `${own}-${n % 40}` };
    const labels = { metadata: { labels: { n: `${n}` } } };
    await api.create(objectOf(ref, key), {}, ctx).catch(() => {});
    await api.patch(key, { type: 'merge', body: labels }, {}, ctx).catch(() => {});
    if (n % 3 > 0) await api.delete(key, {}, ctx).catch(() => {});
  }
}

/** All that happens in the store from now on. */
async function historyOf(store: Store, until: AbortSignal): Promise<readonly StoreEvent[]> {
  const events: StoreEvent[] = [];
  const after = await store.currentRevision(ctx);
  const options = { prefix: '/registry/', after };
  store.watch(options, (batch) => void events.push(...batch.events), { ...ctx, signal: until }).catch(() => {});
  return events;
}

it('watches tell what the store says that happened: under load, compacted, over a killed server, while a kind comes and goes', async () => {
  const { a, b } = two;
  await two.inStore(async (store) => {
    const stop = new AbortController();
    const closed = new AbortController();
    const history = await historyOf(store, closed.signal);
    await newNamespace(a.client(), NAMESPACE);
    const crd = declared('visits', { type: 'object' });
    const followers = [a, b].flatMap((api) =>
      [...prefixes.keys()].map((ref) => ({
        api,
        ref,
        following: new Following({ client: api.client(), ref, namespace: NAMESPACE }),
      })),
    );
    const work = [a, b].flatMap((api) =>
      [refs.configmaps, visits].map((ref) => busy(api.client(), ref, { own: `w${api.port}`, until: stop.signal })),
    );
    const busyFor = async (count: number) => {
      const end = history.length + count;
      await eventually(async () => expect(history.length).toBeGreaterThan(end));
    };
    for (let round = 0; round < 3; round++) {
      const path = await establish(a, crd);
      await busyFor(60);
      await store.compact(await store.currentRevision(ctx), ctx);
      if (round === 1) {
        await b.end('SIGKILL');
        await busyFor(50);
        await b.start();
      }
      await busyFor(60);
      await store.compact(await store.currentRevision(ctx), ctx);
      await a.client().raw({ method: 'DELETE', path }, ctx);
      await eventually(async () => {
        for (const api of [a, b]) await expect(get(api, path)).rejects.toMatchObject({ code: 404 });
      });
    }
    await establish(a, crd);
    await busyFor(100);
    stop.abort();
    await Promise.all(work);
    for (const ref of [refs.configmaps, visits])
      await a
        .client()
        .resource(ref)
        .create(objectOf(ref, { namespace: NAMESPACE, name: 'last' }), {}, ctx);
    await eventually(async () =>
      expect(history.filter((event) => event.type === 'put' && event.entry.key.endsWith('/last'))).toHaveLength(2),
    );
    await eventually(async () => {
      for (const { following } of followers) expect(following.stretches.at(-1)?.events.at(-1)).toMatch(/^ADDED last@/);
    });
    for (const { following } of followers) await following.stop();
    closed.abort();
    for (const { api, ref, following } of followers) {
      const { stretches } = following;
      const faults = stretches.flatMap((stretch) => faultsOf(stretch, history, prefixes.get(ref)!));
      expect.soft(faults, `${ref.version} ${ref.resource} at ${api.endpoint}`).toEqual([]);
      expect(stretches.reduce((sum, { events }) => sum + events.length, 0)).toBeGreaterThan(50);
      if (ref !== refs.configmaps) expect(stretches.length).toBeGreaterThan(3);
    }
  });
});
