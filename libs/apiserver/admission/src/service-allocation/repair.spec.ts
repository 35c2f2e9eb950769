import { createClient, type Transport } from '@kubernest/client';
import type { Service } from '@kubernest/kinds';
import { turnsTaken } from '@kubernest/kit';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allocationRepair } from './repair.ts';
import { serviceAllocation } from './service-allocation.plugin.ts';
import { addressKey, nodePortKey, RANGES } from './service-draft.ts';

const ranges = { serviceCidr: '10.96.0.0/24', nodePorts: { first: 30000, last: 30010 } };
const services = { group: '', version: 'v1', resource: 'services' };
const leaked = addressKey('10.96.0.77');

async function world() {
  const running = await testServer({ admission: (core) => [serviceAllocation(ranges, core)] });
  onTestFinished(() => running[Symbol.asyncDispose]());
  const { store, ctx, clock } = running;
  const transport = running.transport();
  const api = createClient(transport).resource<Service>(services);
  const create = (name: string, spec: Service['spec'] = {}) =>
    api.create(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'default', name },
        spec: { type: 'NodePort', ports: [{ port: 80 }], ...spec },
      },
      {},
      ctx,
    );
  const remove = (name: string) => api.delete({ namespace: 'default', name }, {}, ctx);
  const put = (key: string) =>
    store.commit({ conditions: [], writes: [{ op: 'put', key, value: Buffer.from('default/lost') }] }, ctx);
  const drop = (key: string) => store.commit({ conditions: [], writes: [{ op: 'delete', key }] }, ctx);
  const keys = async () => (await store.list(RANGES, {}, ctx)).entries.map(({ key, revision }) => `${key}@${revision}`);
  const told: string[] = [];
  /** Starts a repair that is held up in the middle: before or after it has read the Services. */
  const repair = async (held: { before?: () => Promise<unknown>; after?: () => Promise<unknown> } = {}) => {
    const slow: Transport = {
      ...transport,
      async call(call, inner) {
        await held.before?.();
        const answer = await transport.call(call, inner);
        await held.after?.();
        return answer;
      },
    };
    await allocationRepair({
      ranges,
      store,
      client: createClient(slow),
      report: ({ service, reason }) => told.push(`${service.metadata.name} ${reason}`),
    }).start(ctx);
  };
  return { clock, create, remove, put, drop, keys, told, repair };
}

describe('the repair of allocations', () => {
  it('changes nothing where nothing is wrong', async () => {
    const { create, keys, told, repair } = await world();
    await create('a');
    const before = await keys();
    expect(before).toHaveLength(2);
    await repair();
    expect([await keys(), told]).toEqual([before, []]);
  });

  it('frees what no Service holds, at start and every three minutes', async () => {
    const { clock, put, keys, repair } = await world();
    await put(leaked);
    await put(nodePortKey('TCP', 30005));
    await repair();
    expect(await keys()).toEqual([]);
    await put(leaked);
    await clock.advance(3 * 60_000);
    await turnsTaken();
    expect(await keys()).toEqual([]);
  });

  it('gives back to a Service what it holds, and says so', async () => {
    const { create, drop, keys, told, repair } = await world();
    const { spec } = await create('a');
    const held = [addressKey(spec!.clusterIP!), nodePortKey('TCP', spec!.ports![0]!.nodePort!)];
    for (const key of held) await drop(key);
    await repair();
    expect((await keys()).map((key) => key.split('@')[0]).toSorted()).toEqual(held.toSorted());
    expect(told).toEqual(['a ClusterIPNotAllocated', 'a PortNotAllocated']);
    await repair();
    expect(told).toHaveLength(2);
  });

  it('tells of an address that two Services have, again and again', async () => {
    const { create, drop, told, repair } = await world();
    const { spec } = await create('a');
    await drop(addressKey(spec!.clusterIP!));
    await create('b', { clusterIP: spec!.clusterIP });
    await repair();
    await repair();
    expect(told).toEqual(['a ClusterIPAlreadyAllocated', 'a ClusterIPAlreadyAllocated']);
  });

  it.each(['before', 'after'] as const)(
    'leaves alone what is taken or given back in the meantime, %s it read the Services',
    async (when) => {
      const { create, remove, put, drop, keys, told, repair } = await world();
      await create('leaves');
      await put(leaked);
      let during: readonly string[] = [];
      const meanwhile = async () => {
        await remove('leaves');
        await create('comes');
        // Freed by another server's repair, and taken at once.
        await drop(leaked);
        await create('takes', { clusterIP: '10.96.0.77' });
        during = await keys();
      };
      await repair({ [when]: meanwhile });
      expect(during).toHaveLength(4);
      expect([await keys(), told]).toEqual([during, []]);
    },
  );
});
