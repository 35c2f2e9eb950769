import type { EndpointSlice, Endpoints } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { planMirror } from './endpointslice-mirroring.plan.ts';

const http = [{ name: 'http', port: 80, protocol: 'TCP' }];
const endpointsOf = (subsets: Endpoints['subsets'], over: object = {}): Endpoints => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'db', namespace: 'default', uid: 'uid-db', ...over },
  subsets,
});
const ips = (...addresses: string[]) => addresses.map((ip) => ({ ip }));
const made = (subsets: Endpoints['subsets'], over?: object) => planMirror(endpointsOf(subsets, over), []).create;
const counts = ({ create, update, delete: gone }: ReturnType<typeof planMirror>) => [
  create.length,
  update.length,
  gone.length,
];
/** `IPv4 80: 10.0.0.1 !10.0.0.2`, the unready marked. */
const lines = (slices: readonly EndpointSlice[]) =>
  slices.map(
    ({ addressType, ports, endpoints }) =>
      `${addressType} ${ports?.map(({ port }) => port)}: ${endpoints?.map(({ addresses, conditions }) => `${conditions?.ready ? '' : '!'}${addresses}`).join(' ')}`,
  );

describe('planMirror', () => {
  it.each<[string, Endpoints['subsets'], string[]]>([
    ['nothing', undefined, []],
    [
      'ready and unready ones',
      [{ addresses: ips('10.0.0.1'), notReadyAddresses: ips('10.0.0.2'), ports: http }],
      ['IPv4 80: 10.0.0.1 !10.0.0.2'],
    ],
    [
      'each family apart',
      [{ addresses: ips('10.0.0.1', 'fd00::1'), ports: http }],
      ['IPv4 80: 10.0.0.1', 'IPv6 80: fd00::1'],
    ],
    [
      'each set of ports apart',
      [
        { addresses: ips('10.0.0.1'), ports: http },
        { addresses: ips('10.0.0.2'), ports: [{ port: 81 }] },
      ],
      ['IPv4 80: 10.0.0.1', 'IPv4 81: 10.0.0.2'],
    ],
    [
      'subsets of the same ports together, an address once',
      [
        { addresses: ips('10.0.0.1'), ports: http },
        { addresses: ips('10.0.0.1', '10.0.0.2'), ports: http },
      ],
      ['IPv4 80: 10.0.0.1 10.0.0.2'],
    ],
  ])('mirrors %s', (_what, subsets, expected) => {
    expect(lines(made(subsets))).toEqual(expected);
  });

  it('belongs to the Endpoints and has their labels and notes, but not those about themselves', () => {
    const annotations = {
      note: 'x',
      'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const targetRef = { kind: 'Pod', name: 'p' };
    const address = { ip: '10.0.0.1', hostname: 'db-0', nodeName: 'n1', targetRef };
    const [slice] = made([{ addresses: [address], ports: [{ port: 80, protocol: 'TCP' }] }], {
      labels: { team: 'x' },
      annotations,
    });
    expect(slice?.metadata).toMatchObject({
      generateName: 'db-',
      labels: {
        team: 'x',
        'kubernetes.io/service-name': 'db',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Endpoints', name: 'db', uid: 'uid-db', controller: true }],
    });
    expect(slice?.metadata.annotations).toEqual({ note: 'x' });
    expect(slice?.ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
    expect(slice?.endpoints).toEqual([
      { addresses: ['10.0.0.1'], conditions: { ready: true }, hostname: 'db-0', nodeName: 'n1', targetRef },
    ]);
  });

  it('writes what changed, and keeps the slice when its ports do', () => {
    const before = [{ addresses: ips('10.0.0.1'), ports: http }];
    const slices = made(before);
    expect(counts(planMirror(endpointsOf(before), slices))).toEqual([0, 0, 0]);
    for (const [subsets, over] of [
      [[{ addresses: ips('10.0.0.2'), ports: http }], {}],
      [[{ addresses: ips('10.0.0.1'), ports: [{ port: 81 }] }], {}],
      [before, { labels: { team: 'x' } }],
      [before, { annotations: { note: 'x' } }],
    ] as const) {
      const plan = planMirror(endpointsOf(subsets as never, over), slices);
      expect(counts(plan)).toEqual([0, 1, 0]);
      expect(plan.update[0]?.metadata.name).toBe(slices[0]?.metadata.name);
    }
    expect(counts(planMirror(endpointsOf([]), slices))).toEqual([0, 0, 1]);
    expect(
      counts(planMirror(endpointsOf(before), [...slices, { ...slices[0]!, metadata: { name: 'double' } }])),
    ).toEqual([0, 0, 1]);
  });

  it('mirrors a thousand of a subset, and counts what it leaves out', () => {
    const many = Array.from({ length: 1003 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    const plan = planMirror(endpointsOf([{ addresses: ips('nonsense', ...many), ports: http }]), []);
    expect([plan.create[0]?.endpoints?.length, plan.invalid, plan.skipped]).toEqual([1000, 1, 3]);
  });
});
