import { describe, expect, it } from 'vitest';
import { planRepair } from './repair.plan.ts';
import { addressKey, nodePortKey, type ServiceDraft } from './service-draft.ts';

const within = {
  addresses: { first: 10 * 2 ** 24 + 1, last: 10 * 2 ** 24 + 254 },
  nodePorts: { first: 30000, last: 30010 },
};
const service = (name: string, clusterIP: string, nodePort?: number, creationTimestamp = '2026-01-01T00:00:00Z') =>
  ({
    metadata: { namespace: 'n', name, creationTimestamp },
    spec: { type: nodePort ? 'NodePort' : 'ClusterIP', clusterIP, ports: [{ port: 80, nodePort }] },
  }) as ServiceDraft;
const entry = (key: string, owner: string) => ({ key, value: Buffer.from(owner), revision: 7, createRevision: 7 });
const ip = (last: number, owner: string) => entry(addressKey(`10.0.0.${last}`), owner);
const port = (number: number, owner: string) => entry(nodePortKey('TCP', number), owner);

interface Told {
  readonly free?: readonly string[];
  readonly restore?: readonly string[];
  readonly faults?: readonly string[];
}
const cases: readonly [string, readonly ServiceDraft[], ReturnType<typeof entry>[], Told][] = [
  ['nothing where both agree', [service('a', '10.0.0.5', 30001)], [ip(5, 'n/a'), port(30001, 'n/a')], {}],
  ['nothing for Services without an address', [service('a', 'None'), service('b', '')], [], {}],
  [
    'what no Service holds',
    [service('a', '10.0.0.5')],
    [ip(5, 'n/a'), ip(6, 'n/b'), port(30001, 'n/b')],
    { free: [addressKey('10.0.0.6'), nodePortKey('TCP', 30001)] },
  ],
  [
    'what is held and not allocated',
    [service('a', '10.0.0.5', 30001)],
    [],
    {
      restore: [
        'n/a ClusterIPNotAllocated Cluster IP [IPv4]: 10.0.0.5 is not allocated; repairing',
        'n/a PortNotAllocated Port 30001 is not allocated; repairing',
      ],
    },
  ],
  [
    'an address of two Services: its owner keeps it',
    [service('a', '10.0.0.5'), service('b', '10.0.0.5', undefined, '2026-01-02T00:00:00Z')],
    [ip(5, 'n/b')],
    {
      faults: [
        'a ClusterIPAlreadyAllocated Cluster IP [IPv4]: 10.0.0.5 was assigned to multiple services; please recreate service',
      ],
    },
  ],
  [
    'an address of two Services and of neither: the older keeps it',
    [service('a', '10.0.0.5', undefined, '2026-01-02T00:00:00Z'), service('b', '10.0.0.5')],
    [],
    {
      restore: ['n/b ClusterIPNotAllocated Cluster IP [IPv4]: 10.0.0.5 is not allocated; repairing'],
      faults: [
        'a ClusterIPAlreadyAllocated Cluster IP [IPv4]: 10.0.0.5 was assigned to multiple services; please recreate service',
      ],
    },
  ],
  [
    'a node port of two Services',
    [service('a', '10.0.0.5', 30001), service('b', '10.0.0.6', 30001)],
    [ip(5, 'n/a'), ip(6, 'n/b'), port(30001, 'n/a')],
    { faults: ['b PortAlreadyAllocated Port 30001 was assigned to multiple services; please recreate service'] },
  ],
  [
    'what lies outside of the ranges, and leaves it allocated',
    [service('a', '10.1.0.5', 40000)],
    [entry(addressKey('10.1.0.5'), 'n/a')],
    {
      faults: [
        'a ClusterIPOutOfRange Cluster IP [IPv4]: 10.1.0.5 is not within the service range 10.0.0.1-10.0.0.254; please recreate service',
        'a PortOutOfRange Port 40000 is not within the port range 30000-30010; please recreate service',
      ],
    },
  ],
];

describe('a repair of allocations finds', () => {
  it.each(cases)('%s', (_, services, keys, { free = [], restore = [], faults = [] }) => {
    const plan = planRepair(services, keys, within);
    expect(plan.free.map(({ key }) => key)).toEqual(free);
    expect(plan.restore.map(({ owner, fault }) => `${owner} ${fault.reason} ${fault.message}`)).toEqual(restore);
    expect(
      plan.faults.map(({ service: { metadata }, reason, message }) => `${metadata.name} ${reason} ${message}`),
    ).toEqual(faults);
  });
});
