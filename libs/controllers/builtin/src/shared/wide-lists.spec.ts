import type { EndpointSlice, Endpoints } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { planEndpoints } from '../endpoints/endpoints.plan.ts';
import { planSlices } from '../endpointslice/endpointslice.plan.ts';
import { planMirror } from '../endpointslice-mirroring/endpointslice-mirroring.plan.ts';
import { podOf, serviceOf } from './service-pods.fixture.ts';

/** Ports that count how often their numbers are read. */
function countedPorts(count: number, over: object = {}) {
  const reads = { count: 0 };
  const ports = Array.from({ length: count }, (_, i) => ({
    name: `p${i}`,
    ...over,
    get port() {
      reads.count++;
      return i + 1;
    },
  }));
  return { ports, reads };
}

const ips = (count: number) => Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
const pods = (count: number) =>
  ips(count).map((ip, i) => podOf(`p${i}`, { ip, ports: [{ name: 'web', containerPort: 80 + (i % 2) }] }));

const endpointsOf = (count: number, ports: object[]): Endpoints =>
  ({
    metadata: { name: 'db', namespace: 'default', uid: 'uid-db' },
    subsets: [{ addresses: ips(count).map((ip) => ({ ip })), ports }],
  }) as unknown as Endpoints;

describe('the ports of a service are read as often for many pods as for few', () => {
  const plans: readonly [string, (pods: number, ports: object[]) => unknown][] = [
    [
      'slices',
      (count, ports) =>
        planSlices({ service: serviceOf({ ports }), pods: pods(count), slices: [], node: () => undefined }),
    ],
    ['endpoints', (count, ports) => planEndpoints(serviceOf({ ports }), pods(count))],
    ['mirrored slices', (count, ports) => planMirror(endpointsOf(count, ports), [])],
  ];
  const readsFor = (plan: (typeof plans)[number][1], count: number, over?: object): number => {
    const { ports, reads } = countedPorts(10, over);
    plan(count, ports);
    return reads.count;
  };

  it.each(plans)('%s', (_what, plan) => {
    expect(readsFor(plan, 2)).toBeGreaterThanOrEqual(10);
    // A slice has at most a hundred pods; what each slice says of its ports is its own.
    expect(readsFor(plan, 90)).toBe(readsFor(plan, 2));
  });

  it.each(plans.slice(0, 2))('%s, where pods give a name two numbers', (_what, plan) => {
    expect(readsFor(plan, 90, { targetPort: 'web' })).toBe(readsFor(plan, 2, { targetPort: 'web' }));
  });
});

it('the ports of slices that are there are read once, however many groups there are', () => {
  const service = serviceOf({ ports: [{ port: 80, targetPort: 'web' }] });
  const readsAmong = (groups: number): number => {
    const { ports, reads } = countedPorts(10);
    const slice = {
      metadata: { name: 's', namespace: 'default' },
      addressType: 'IPv4',
      endpoints: [],
      ports,
    } as unknown as EndpointSlice;
    const each = ips(groups).map((ip, i) => podOf(`p${i}`, { ip, ports: [{ name: 'web', containerPort: i + 1 }] }));
    planSlices({ service, pods: each, slices: [slice], node: () => undefined });
    return reads.count;
  };
  expect(readsAmong(50)).toBe(readsAmong(2));
});
