import { createClient, type LeaseFence } from '@kubernest/client';
import type { Lease } from '@kubernest/kinds';
import { testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leaseFence } from './lease-fence.plugin.ts';

const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
const configmaps = { group: '', version: 'v1', resource: 'configmaps' };

async function world() {
  const running = await testServer({ plugins: [leaseFence] });
  onTestFinished(() => running[Symbol.asyncDispose]());
  const { store, ctx } = running;
  const client = createClient(running.transport());
  const api = client.resource<Lease>(leases);
  const lease = (holder: string, transitions: number, namespace = 'kube-system'): Lease => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name: 'leader' },
    spec: { holderIdentity: holder, leaseTransitions: transitions },
  });
  const key = { namespace: 'kube-system', name: 'leader' };
  const change = async (spec: object) => {
    const found = await api.fetch(key, ctx);
    return api.update({ ...found, spec: { ...found.spec, ...spec } }, {}, ctx);
  };
  const termOf = ({ metadata, spec }: Lease): LeaseFence => ({
    ...key,
    uid: metadata.uid!,
    transitions: spec?.leaseTransitions ?? 0,
  });
  const mayWrite = (fence: LeaseFence): Promise<boolean> =>
    client
      .fencedBy(fence)
      .resource(configmaps)
      .create({ metadata: { namespace: 'default', generateName: 'm-' } }, {}, ctx)
      .then(
        () => true,
        () => false,
      );
  const tokens = async () => (await store.list('/kubernest/fences/', {}, ctx)).entries;
  return { ctx, api, key, lease, change, termOf, mayWrite, tokens };
}

describe('the fence of a Lease', () => {
  it('lets its leader write until another has taken over', async () => {
    const { ctx, api, lease, change, termOf, mayWrite } = await world();
    const first = termOf(await api.create(lease('a', 0), {}, ctx));
    expect(await mayWrite(first)).toBe(true);
    const second = termOf(await change({ holderIdentity: 'b', leaseTransitions: 1 }));
    expect([await mayWrite(first), await mayWrite(second)]).toEqual([false, true]);
  });

  it('holds while the Lease is renewed, and after it was given back until somebody takes it', async () => {
    const { ctx, api, lease, change, termOf, mayWrite, tokens } = await world();
    const term = termOf(await api.create(lease('a', 0), {}, ctx));
    const [{ revision } = { revision: 0 }] = await tokens();
    await change({ renewTime: '2026-01-01T00:00:01.000000Z' });
    await change({ holderIdentity: '' });
    expect((await tokens()).map((entry) => entry.revision)).toEqual([revision]);
    expect(await mayWrite(term)).toBe(true);
  });

  it('goes with the Lease, and does not come back with one that counts from 0 again', async () => {
    const { ctx, api, key, lease, termOf, mayWrite, tokens } = await world();
    const gone = termOf(await api.create(lease('a', 0), {}, ctx));
    await api.delete(key, {}, ctx);
    expect(await tokens()).toEqual([]);
    expect(await mayWrite(gone)).toBe(false);
    const fresh = termOf(await api.create(lease('b', 0), {}, ctx));
    expect([await mayWrite(gone), await mayWrite(fresh)]).toEqual([false, true]);
  });

  it('stays while a finalizer keeps a deleted Lease', async () => {
    const { ctx, api, key, lease, termOf, mayWrite } = await world();
    const held = lease('a', 0);
    const metadata = { ...held.metadata, finalizers: ['example.com/hold'] };
    const term = termOf(await api.create({ ...held, metadata }, {}, ctx));
    await api.delete(key, {}, ctx);
    expect(await mayWrite(term)).toBe(true);
  });

  it('is not there for Leases of other namespaces, nor for dry runs', async () => {
    const { ctx, api, lease, tokens } = await world();
    await api.create(lease('a', 0, 'kube-node-lease'), {}, ctx);
    await api.create(lease('a', 0), { dryRun: true }, ctx);
    expect(await tokens()).toEqual([]);
  });
});
