import type { EndpointSlice, Node, Pod, Service } from '@kubernest/kinds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PodFacts, podOf, serviceOf } from '../shared/service-pods.fixture.ts';
import type { SlicePlan } from '../shared/slices.ts';
import { MAX_ENDPOINTS, planSlices } from './endpointslice.plan.ts';

const node = (name: string): Node | undefined =>
  name === 'zoned' ? { metadata: { name, labels: { 'topology.kubernetes.io/zone': 'east' } } } : undefined;
const plan = (service: Service, pods: readonly Pod[], slices: readonly EndpointSlice[] = []): SlicePlan =>
  planSlices({ service, pods, slices, node });
const made = (service: Service, ...pods: Pod[]): EndpointSlice => plan(service, pods).create[0]!;
/** What the slices are after the plan was carried out. */
function applied(slices: readonly EndpointSlice[], { create, update, delete: gone }: SlicePlan): EndpointSlice[] {
  const names = new Set([...update, ...gone].map(({ metadata }) => metadata.name));
  return [...slices.filter(({ metadata }) => !names.has(metadata.name)), ...update, ...create];
}
const counts = ({ create, update, delete: gone }: SlicePlan) => [create.length, update.length, gone.length];

describe('an endpoint', () => {
  it.each<[string, object, PodFacts, object]>([
    ['works', {}, {}, { ready: true, serving: true, terminating: false }],
    ['is not ready', {}, { ready: false }, { ready: false, serving: false, terminating: false }],
    ['leaves and works still', {}, { leaving: true }, { ready: false, serving: true, terminating: true }],
    ['leaves', {}, { leaving: true, ready: false }, { ready: false, serving: false, terminating: true }],
    [
      'is to be published, ready or not',
      { publishNotReadyAddresses: true },
      { ready: false },
      { ready: true, serving: false, terminating: false },
    ],
    [
      'is to be published until it is gone',
      { publishNotReadyAddresses: true },
      { leaving: true },
      { ready: true, serving: true, terminating: true },
    ],
  ])('that %s says so', (_what, spec, facts, conditions) => {
    expect(made(serviceOf(spec), podOf('p', facts)).endpoints).toEqual([
      {
        addresses: ['10.0.0.1'],
        conditions,
        targetRef: { kind: 'Pod', namespace: 'default', name: 'p', uid: 'uid-p' },
      },
    ]);
  });

  it.each<[string, PodFacts]>([
    ['has ended', { phase: 'Succeeded' }],
    ['has failed', { phase: 'Failed' }],
    ['has no address', { ip: [] }],
    ['has no address of that family', { ip: 'fd00::1' }],
  ])('is no pod that %s', (_what, facts) => {
    expect(made(serviceOf(), podOf('p', facts)).endpoints).toEqual([]);
  });

  it('names its node, its zone and the name that DNS gives it', () => {
    const pod = podOf('p', { node: 'zoned', hostname: 'db-0', subdomain: 'web' });
    expect(made(serviceOf({ clusterIP: 'None' }), pod).endpoints?.[0]).toMatchObject({
      nodeName: 'zoned',
      zone: 'east',
      hostname: 'db-0',
    });
    expect(
      made(serviceOf(), podOf('p', { hostname: 'db-0', subdomain: 'other' })).endpoints?.[0]?.hostname,
    ).toBeUndefined();
  });

  it.each<[string | undefined, PodFacts, object | undefined]>([
    [undefined, { node: 'zoned' }, undefined],
    ['PreferClose', { node: 'zoned' }, { forZones: [{ name: 'east' }] }],
    ['PreferSameZone', { node: 'zoned' }, { forZones: [{ name: 'east' }] }],
    ['PreferSameNode', { node: 'zoned' }, { forZones: [{ name: 'east' }], forNodes: [{ name: 'zoned' }] }],
    ['PreferSameNode', { node: 'zoneless' }, { forNodes: [{ name: 'zoneless' }] }],
    ['PreferSameZone', { node: 'zoneless' }, undefined],
    ['PreferSameZone', { node: 'zoned', ready: false }, undefined],
  ])('of a service with traffic distribution %s on %j hints at %j', (trafficDistribution, facts, hints) => {
    expect(made(serviceOf({ trafficDistribution }), podOf('p', facts)).endpoints?.[0]?.hints).toEqual(hints);
  });
});

describe('the ports of a slice', () => {
  const named = { ports: [{ port: 80, name: 'web', targetPort: 'http' }] };
  const container = (containerPort: number, name = 'http', protocol?: string) => ({ name, containerPort, protocol });

  it.each<[string, object, PodFacts, [string, number, string][]]>([
    ['the port itself', { ports: [{ port: 80 }] }, {}, [['', 80, 'TCP']]],
    [
      'a target port',
      { ports: [{ name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' }] },
      {},
      [['dns', 5353, 'UDP']],
    ],
    ['a target port written as text', { ports: [{ port: 53, targetPort: '5353' }] }, {}, [['', 5353, 'TCP']]],
    ['a named one, as the pod has it', named, { ports: [container(8080)] }, [['web', 8080, 'TCP']]],
    ['a named one of a sidecar', named, { sidecarPorts: [container(9090)] }, [['web', 9090, 'TCP']]],
    ['none of that name and another protocol', named, { ports: [container(8080, 'http', 'UDP')] }, []],
    ['none that the pod does not name', named, {}, []],
    ['those that the pod has', { ports: [...named.ports, { port: 443, name: 'tls' }] }, {}, [['tls', 443, 'TCP']]],
    ['none of a service that has none', { ports: [], clusterIP: 'None' }, {}, []],
  ])('are %s', (_what, spec, facts, ports) => {
    const slice = made(serviceOf(spec), podOf('p', facts));
    expect(slice.ports?.map(({ name, port, protocol }) => [name, port, protocol])).toEqual(ports);
    expect(slice.endpoints).toHaveLength(1);
  });

  it('keep the application protocol', () => {
    expect(made(serviceOf({ ports: [{ port: 80, appProtocol: 'http' }] })).ports).toEqual([]);
    const slice = made(serviceOf({ ports: [{ port: 80, appProtocol: 'http' }] }), podOf('p'));
    expect(slice.ports).toEqual([{ name: '', port: 80, protocol: 'TCP', appProtocol: 'http' }]);
  });

  it('part pods that have another number for the same name', () => {
    const pods = [podOf('a', { ports: [container(8080)] }), podOf('b', { ip: '10.0.0.2', ports: [container(9090)] })];
    const { create } = plan(serviceOf(named), pods);
    expect(create.map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.length])).toEqual([
      [8080, 1],
      [9090, 1],
    ]);
    expect(new Set(create.map(({ metadata }) => metadata.name)).size).toBe(2);
  });
});

describe('a slice', () => {
  it('belongs to its service and mirrors its labels, but not those that say whose it is', () => {
    const labels = { team: 'x', 'endpointslice.kubernetes.io/managed-by': 'me', 'service.kubernetes.io/headless': '' };
    const { metadata, addressType } = made(serviceOf({}, labels), podOf('p'));
    expect(addressType).toBe('IPv4');
    expect(metadata).toMatchObject({ generateName: 'web-', namespace: 'default' });
    expect(metadata.labels).toEqual({
      team: 'x',
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    });
    expect(metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'uid-web', controller: true, blockOwnerDeletion: true },
    ]);
  });

  it('of a headless service says so', () => {
    expect(made(serviceOf({ clusterIP: 'None' }), podOf('p')).metadata.labels).toHaveProperty(
      ['service.kubernetes.io/headless'],
      '',
    );
  });

  it('is there for each family of the service, and only for those', () => {
    const both = serviceOf({ ipFamilies: ['IPv4', 'IPv6'] });
    const pods = [podOf('p', { ip: ['10.0.0.1', 'fd00::1'] })];
    const slices = plan(both, pods).create;
    expect(slices.map(({ addressType, endpoints }) => [addressType, endpoints?.[0]?.addresses])).toEqual([
      ['IPv4', ['10.0.0.1']],
      ['IPv6', ['fd00::1']],
    ]);
    expect(plan(serviceOf(), pods, slices).delete.map(({ addressType }) => addressType)).toEqual(['IPv6']);
  });

  it('is there when nobody is behind the service', () => {
    expect(plan(serviceOf(), []).create).toMatchObject([{ endpoints: [], ports: [] }]);
    expect(counts(plan(serviceOf(), [], plan(serviceOf(), []).create))).toEqual([0, 0, 0]);
  });

  it('is written anew, and not another made, when all its ports change or its pods are gone', () => {
    const slices = plan(serviceOf(), [podOf('p')]).create;
    for (const changed of [
      plan(serviceOf({ ports: [{ port: 81 }] }), [podOf('p')], slices),
      plan(serviceOf(), [], slices),
    ]) {
      expect(counts(changed)).toEqual([0, 1, 0]);
      expect(changed.update[0]?.metadata.name).toBe(slices[0]?.metadata.name);
    }
  });

  it('is written when labels of its service change', () => {
    const slices = plan(serviceOf(), [podOf('p')]).create;
    expect(counts(plan(serviceOf({}, { team: 'x' }), [podOf('p')], slices))).toEqual([0, 1, 0]);
  });
});

describe('many pods', () => {
  const many = (count: number): Pod[] =>
    Array.from({ length: count }, (_, i) => podOf(`p${i}`, { ip: `10.0.${Math.floor(i / 250)}.${(i % 250) + 1}` }));

  it('fill slices of a hundred', () => {
    expect(plan(serviceOf(), many(250)).create.map(({ endpoints }) => endpoints!.length)).toEqual([100, 100, 50]);
  });

  it('cost one write when one of them changes, comes or goes', () => {
    const pods = many(250);
    const slices = plan(serviceOf(), pods).create;
    const unready = pods.map((pod, i) => (i === 120 ? podOf('p120', { ready: false, ip: '10.0.0.121' }) : pod));
    expect(counts(plan(serviceOf(), unready, slices))).toEqual([0, 1, 0]);
    expect(counts(plan(serviceOf(), pods.slice(1), slices))).toEqual([0, 1, 0]);
    expect(counts(plan(serviceOf(), many(251), slices))).toEqual([0, 1, 0]);
    expect(counts(plan(serviceOf(), many(301), slices))).toEqual([1, 1, 0]);
    expect(counts(plan(serviceOf(), many(200), slices))).toEqual([0, 0, 1]);
  });

  it('are each in one slice of no more than a hundred, whatever came and went; a second look writes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat(260), { maxLength: 260 }), { minLength: 1, maxLength: 6 }),
        (looks) => {
          const all = many(261);
          let slices: EndpointSlice[] = [];
          for (const look of looks) {
            const pods = look.map((i) => all[i]!);
            slices = applied(slices, plan(serviceOf(), pods, slices));
            const uids = slices.flatMap(({ endpoints }) => endpoints!.map(({ targetRef }) => targetRef!.uid!));
            expect(uids.sort()).toEqual(pods.map(({ metadata }) => metadata.uid!).sort());
            expect(Math.max(...slices.map(({ endpoints }) => endpoints!.length))).toBeLessThanOrEqual(MAX_ENDPOINTS);
            expect(new Set(slices.map(({ metadata }) => metadata.name)).size).toBe(slices.length);
            expect(counts(plan(serviceOf(), pods, slices))).toEqual([0, 0, 0]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
