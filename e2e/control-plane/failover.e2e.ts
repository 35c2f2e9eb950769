import type { Client, LeaseFence } from '@kubernest/client';
import type { ConfigMap, EndpointSlice, Endpoints, Service } from '@kubernest/kinds';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import type { Api } from './support/api.ts';
import { Deployed, ones } from './support/deployed.ts';
import { refs } from './support/refs.ts';
import { ctx } from './support/seen.ts';
import { leaseOf, newNamespace, TwoApis } from './support/two-apis.ts';
import { Writing } from './support/writing.ts';

const managers = 'kube-controller-manager';

let two: TwoApis;
let killed: Api;
let left: Api;
let client: Client;
/** The proof of the leader that is killed. */
let oldTerm: LeaseFence;

async function currentTerm(): Promise<LeaseFence> {
  const { metadata, spec } = await leaseOf(client, managers);
  return { namespace: 'kube-system', name: managers, uid: metadata.uid!, transitions: spec!.leaseTransitions! };
}

const fenced = (fence: LeaseFence): Promise<ConfigMap> => {
  const metadata = { namespace: 'default', generateName: 'fenced-' };
  const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  return client.fencedBy(fence).resource<ConfigMap>(refs.configmaps).create(object, {}, ctx);
};

beforeAll(async () => {
  two = await TwoApis.start();
  ({ leader: killed, other: left } = await two.leadership(managers));
  client = left.client();
  oldTerm = await currentTerm();
  await two.agentAt(left);
});
afterAll(async () => {
  await two?.[Symbol.asyncDispose]();
});

describe('an API server that leads and is killed', () => {
  it('has its work finished by the other, with nothing done twice', async () => {
    await newNamespace(client, 'killed');
    using before = await Deployed.create(client, 'killed', 'before', 5);
    await before.untilBound(5);
    expect((await fenced(oldTerm)).metadata.name).toMatch(/^fenced-/);
    const writing = new Writing(killed.client(), 'killed');
    await eventually(async () => expect(writing.acknowledged.length).toBeGreaterThan(3));
    // In the middle of a rollout, with pods made that its own process alone knows of.
    using midway = await Deployed.create(client, 'killed', 'midway', 60);
    await midway.untilCreated(3);
    await killed.end('SIGKILL');
    await writing.stop();
    expect(await writing.lost(client)).toEqual([]);
    await Promise.all([before.scale(client, 9), midway.untilBound(60), before.untilBound(9)]);
    using after = await Deployed.create(client, 'killed', 'after', 10);
    await after.untilBound(10);
    expect(before.bindings).toEqual(ones(9));
    expect(midway.bindings).toEqual(ones(60));
    expect(after.bindings).toEqual(ones(10));
    const { spec } = await leaseOf(client, managers);
    expect(spec?.holderIdentity).toContain(`${left.endpoint}_`);
    expect(spec?.leaseTransitions).toBe(oldTerm.transitions + 1);
  });

  it('could not write any more under its old term', async () => {
    await expect(fenced(oldTerm)).rejects.toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: expect.stringContaining(`"kube-system/${managers}"`),
    });
    expect((await fenced(await currentTerm())).metadata.name).toMatch(/^fenced-/);
  });

  it('is taken out of the kubernetes Service', async () => {
    await eventually(async () => {
      const key = { namespace: 'default', name: 'kubernetes' };
      const { subsets } = await client.resource<Endpoints>(refs.endpoints).fetch(key, ctx);
      expect(subsets?.flatMap(({ ports }) => ports!.map(({ port }) => port))).toEqual([left.port]);
      const { items } = await client.resource<EndpointSlice>(refs.slices).list({ namespace: 'default' }, ctx);
      expect(items.flatMap(({ ports }) => ports!.map(({ port }) => port))).toEqual([left.port]);
    }, 60_000);
  }, 90_000);

  it('mends allocations of Services that were left wrong when it starts', async () => {
    const service: Service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: 'mended' },
      spec: { ports: [{ port: 80 }] },
    };
    const { spec } = await client.resource<Service>(refs.services).create(service, {}, ctx);
    const [held, lost] = ['services', 'nodeports/tcp'].map((range) => `/kubernest/ranges/${range}/`) as [
      string,
      string,
    ];
    await two.inStore(async (store) => {
      const writes = [
        { op: 'delete', key: held + spec!.clusterIP } as const,
        { op: 'put', key: `${lost}30500`, value: Buffer.from('default/lost') } as const,
      ];
      await store.commit({ conditions: [], writes }, ctx);
      await killed.start();
      expect((await store.list(held, {}, ctx)).entries.map(({ key }) => key)).toContain(held + spec!.clusterIP);
      expect((await store.list(lost, {}, ctx)).entries).toEqual([]);
    });
    await eventually(async () =>
      expect(await killed.kubectl(['get', 'events', '--field-selector=involvedObject.name=mended'])).toContain(
        'is not allocated; repairing',
      ),
    );
  });

  it('is behind the Service again when it is back, and leads at once when the other stops', async () => {
    const back = killed.client();
    const key = { namespace: 'default', name: 'kubernetes' };
    await eventually(async () => {
      const { subsets } = await back.resource<Endpoints>(refs.endpoints).fetch(key, ctx);
      expect(subsets?.flatMap(({ addresses }) => addresses)).toHaveLength(2);
    });
    await two.agentAt(killed);
    using more = await Deployed.create(back, 'killed', 'more', 10);
    await more.untilBound(10);
    await left.end('SIGTERM');
    const { subsets } = await back.resource<Endpoints>(refs.endpoints).fetch(key, ctx);
    expect(subsets?.flatMap(({ addresses }) => addresses)).toHaveLength(1);
    await more.scale(back, 15);
    await more.untilBound(15);
    expect(more.bindings).toEqual(ones(15));
  });
});
