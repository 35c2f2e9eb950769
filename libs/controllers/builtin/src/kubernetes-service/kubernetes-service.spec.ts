import { createClient } from '@kubernest/client';
import { MemoryApi } from '@kubernest/client/testing';
import type { EndpointSlice, Endpoints, Lease, Service } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger, turnsTaken } from '@kubernest/kit';
import { wireMicroTime } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { refs } from '../shared/refs.ts';
import { endpointFrom, identityOf } from './kubernetes-service.plan.ts';
import { kubernetesServiceReconciler } from './kubernetes-service.ts';

function cluster() {
  const clock = new FakeClock(undefined, turnsTaken);
  const api = new MemoryApi(undefined, () => clock.now());
  const join = async (address: string, port = 6443) => {
    const stop = new AbortController();
    const ctx: Context = { signal: stop.signal, clock, log: silentLogger };
    const options = { client: createClient(api), address, port, serviceIP: '10.96.0.1' };
    const { done } = await kubernetesServiceReconciler(options).start(ctx);
    return { done, stop };
  };
  const pass = (seconds: number) => clock.advance(seconds * 1_000);
  const addresses = () =>
    api.all<Endpoints>('endpoints')[0]?.subsets?.flatMap((set) => set.addresses?.map(({ ip }) => ip) ?? []) ?? [];
  const slices = () =>
    api
      .all<EndpointSlice>('endpointslices')
      .map((slice) => [slice.metadata.name, slice.ports?.[0]?.port, slice.endpoints.flatMap((e) => e.addresses)]);
  return { api, clock, join, pass, addresses, slices };
}

describe('the kubernetes service', () => {
  it('is there as soon as the API server has started, with its address behind it', async () => {
    const { api, join, addresses, slices } = cluster();
    await join('192.0.2.1');
    const [service] = api.all<Service>('services');
    expect(service?.metadata).toMatchObject({ name: 'kubernetes', namespace: 'default' });
    expect(service?.spec).toMatchObject({
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, targetPort: 6443, protocol: 'TCP' }],
    });
    expect(addresses()).toEqual(['192.0.2.1']);
    expect(slices()).toEqual([['kubernetes', 6443, ['192.0.2.1']]]);
  });

  it('has the address of every API server; one that stops takes its own out', async () => {
    const { join, pass, addresses } = cluster();
    await join('192.0.2.2');
    const first = await join('192.0.2.1');
    expect(addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
    first.stop.abort();
    await first.done;
    expect(addresses()).toEqual(['192.0.2.2']);
    await pass(40);
    expect(addresses()).toEqual(['192.0.2.2']);
  });

  it('loses the address of an API server that vanished, within half a minute and not at once', async () => {
    const { api, join, pass, addresses } = cluster();
    await join('192.0.2.1');
    const vanishing = await join('192.0.2.2');
    // A process that is killed writes nothing more.
    api.beforeWrite = ({ key, verb }) => {
      if (key.includes('192.0.2.2') && verb !== 'create') throw new Error('killed');
    };
    vanishing.stop.abort();
    await vanishing.done;
    await pass(10);
    expect(addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
    await pass(20);
    expect(addresses()).toEqual(['192.0.2.1']);
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
    const { api, clock, join, pass, addresses } = cluster();
    const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
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
    await createClient(api).resource<Lease>(refs.leases).create(lease, {}, ctx);
    await join('192.0.2.1');
    const found = [addresses()];
    await pass(11);
    found.push(addresses());
    await pass(20);
    found.push(addresses());
    expect(found).toEqual(expected);
  });

  it('leaves out a server that only its own machine reaches', async () => {
    const { api, join, addresses, slices } = cluster();
    await join('127.0.0.1');
    expect(api.all<Service>('services')).toHaveLength(1);
    expect([addresses(), slices()]).toEqual([[], []]);
    await join('192.0.2.1');
    expect(addresses()).toEqual(['192.0.2.1']);
  });

  it('has a slice for each port that API servers listen on', async () => {
    const { join, slices } = cluster();
    await join('192.0.2.1', 6443);
    const other = await join('192.0.2.1', 7443);
    expect(slices()).toEqual([
      ['kubernetes', 6443, ['192.0.2.1']],
      ['kubernetes-7443', 7443, ['192.0.2.1']],
    ]);
    other.stop.abort();
    await other.done;
    expect(slices()).toEqual([['kubernetes', 6443, ['192.0.2.1']]]);
  });

  it('comes back when somebody deletes it, and writes only its Lease otherwise', async () => {
    const { api, join, pass } = cluster();
    const { stop } = await join('192.0.2.1');
    const written = api.writes.length;
    await pass(40);
    expect(new Set(api.writes.slice(written).map((write) => write.resource))).toEqual(new Set(['leases']));
    const ctx: Context = { signal: stop.signal, clock: new FakeClock(), log: silentLogger };
    const services = createClient(api).resource({ group: '', version: 'v1', resource: 'services' });
    await services.delete({ namespace: 'default', name: 'kubernetes' }, {}, ctx);
    await pass(16);
    expect(api.all('services')).toHaveLength(1);
  });

  it.each([
    { address: '192.0.2.1', port: 6443 },
    { address: '2001:db8::1', port: 6443 },
  ])('writes $address into its Lease and reads it back', (endpoint) => {
    const holderIdentity = identityOf(endpoint);
    expect(endpointFrom({ metadata: { name: 'x' }, spec: { holderIdentity } })).toEqual(endpoint);
  });
});
