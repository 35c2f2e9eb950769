import { createClient } from '@kubernest/client';
import type { EndpointSlice, Endpoints, Lease, Service } from '@kubernest/kinds';
import { childContext, FakeClock, turnsTaken } from '@kubernest/kit';
import { type KubeObject, type ResourceRef, wireMicroTime } from '@kubernest/meta';
import { Traffic, testServer } from '@kubernest/testkit/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refs } from '../shared/refs.ts';
import { endpointFrom, identityOf } from './kubernetes-service.plan.ts';
import { kubernetesServiceReconciler } from './kubernetes-service.ts';

async function cluster() {
  const clock = new FakeClock(undefined, turnsTaken);
  const api = await testServer({ clock });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const traffic = new Traffic();
  const client = createClient(traffic.before(api.transport()));
  const join = async (address: string, port = 6443) => {
    const { ctx, controller: stop } = childContext(api.ctx);
    const options = { client, address, port, serviceIP: '10.96.0.1' };
    const { done } = await kubernetesServiceReconciler(options).start(ctx);
    return { done, stop };
  };
  const pass = (seconds: number) => clock.advance(seconds * 1_000);
  const all = async <T extends KubeObject>(ref: ResourceRef) => (await client.resource<T>(ref).list({}, api.ctx)).items;
  const addresses = async () =>
    (await all<Endpoints>(refs.endpoints))[0]?.subsets?.flatMap((set) => set.addresses?.map(({ ip }) => ip) ?? []) ??
    [];
  const slices = async () =>
    (await all<EndpointSlice>(refs.endpointSlices)).map((slice) => [
      slice.metadata.name,
      slice.ports?.[0]?.port,
      slice.endpoints?.flatMap((e) => e.addresses),
    ]);
  return { client, traffic, all, ctx: api.ctx, clock, join, pass, addresses, slices };
}

describe('the kubernetes service', () => {
  it('is there as soon as the API server has started, with its address behind it', async () => {
    const { all, join, addresses, slices } = await cluster();
    await join('192.0.2.1');
    const [service] = await all<Service>(refs.services);
    expect(service?.metadata).toMatchObject({ name: 'kubernetes', namespace: 'default' });
    expect(service?.spec).toMatchObject({
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
    });
    expect(await addresses()).toEqual(['192.0.2.1']);
    expect(await slices()).toEqual([['kubernetes', 6443, ['192.0.2.1']]]);
  });

  it('has the address of every API server; one that stops takes its own out', async () => {
    const { join, pass, addresses } = await cluster();
    await join('192.0.2.2');
    const first = await join('192.0.2.1');
    expect(await addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
    first.stop.abort();
    await first.done;
    expect(await addresses()).toEqual(['192.0.2.2']);
    await pass(40);
    expect(await addresses()).toEqual(['192.0.2.2']);
  });

  it('loses the address of an API server that vanished, within half a minute and not at once', async () => {
    const { traffic, join, pass, addresses } = await cluster();
    await join('192.0.2.1');
    const vanishing = await join('192.0.2.2');
    // A process that is killed writes nothing more.
    traffic.beforeWrite = ({ key, verb }) => {
      if (key.includes('192.0.2.2') && verb !== 'create') throw new Error('killed');
    };
    vanishing.stop.abort();
    await vanishing.done;
    await pass(10);
    expect(await addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
    await pass(20);
    expect(await addresses()).toEqual(['192.0.2.1']);
  });

  it.each([
    ['died long ago', -3_600_000, [['192.0.2.1'], ['192.0.2.1'], ['192.0.2.1']]],
    ['died just now', -5_000, [['192.0.2.1', '192.0.2.9'], ['192.0.2.1', '192.0.2.9'], ['192.0.2.1']]],
    [
      'died with its clock an hour ahead',
      3_600_000,
      [['192.0.2.1', '192.0.2.9'], ['192.0.2.1', '192.0.2.9'], ['192.0.2.1']],
    ],
  ])('finds one that %s as it was, and then believes its own clock', async (_, age, expected) => {
    const { client, ctx, clock, join, pass, addresses } = await cluster();
    const lease: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        namespace: 'kube-system',
        name: 'apiserver-192.0.2.9-6443',
        labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver' },
      },
      spec: {
        holderIdentity: '192.0.2.9:6443',
        leaseDurationSeconds: 20,
        renewTime: wireMicroTime(new Date(clock.now().getTime() + age)),
      },
    };
    await client.resource<Lease>(refs.leases).create(lease, {}, ctx);
    await join('192.0.2.1');
    const found = [await addresses()];
    await pass(11);
    found.push(await addresses());
    await pass(20);
    found.push(await addresses());
    expect(found).toEqual(expected);
  });

  it('leaves out a server that only its own machine reaches', async () => {
    const { all, join, addresses, slices } = await cluster();
    await join('127.0.0.1');
    expect(await all<Service>(refs.services)).toHaveLength(1);
    expect([await addresses(), await slices()]).toEqual([[], []]);
    await join('192.0.2.1');
    expect(await addresses()).toEqual(['192.0.2.1']);
  });

  it('has a slice for each port that API servers listen on', async () => {
    const { join, slices } = await cluster();
    await join('192.0.2.1', 6443);
    const other = await join('192.0.2.1', 7443);
    expect(await slices()).toEqual([
      ['kubernetes', 6443, ['192.0.2.1']],
      ['kubernetes-7443', 7443, ['192.0.2.1']],
    ]);
    other.stop.abort();
    await other.done;
    expect(await slices()).toEqual([['kubernetes', 6443, ['192.0.2.1']]]);
  });

  it('comes back when somebody deletes it, and writes only its Lease otherwise', async () => {
    const { client, traffic, all, ctx, join, pass } = await cluster();
    await join('192.0.2.1');
    const written = traffic.writes.length;
    await pass(40);
    expect(new Set(traffic.writes.slice(written).map((write) => write.resource))).toEqual(new Set(['leases']));
    const services = client.resource(refs.services);
    await services.delete({ namespace: 'default', name: 'kubernetes' }, {}, ctx);
    await pass(16);
    expect(await all(refs.services)).toHaveLength(1);
  });

  it.each([
    { address: '192.0.2.1', port: 6443 },
    { address: '2001:db8::1', port: 6443 },
  ])('writes $address into its Lease and reads it back', (endpoint) => {
    const holderIdentity = identityOf(endpoint);
    expect(endpointFrom({ metadata: { name: 'x' }, spec: { holderIdentity } })).toEqual(endpoint);
  });
});
