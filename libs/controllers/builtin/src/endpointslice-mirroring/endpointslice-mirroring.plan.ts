import { isIP, isIPv6 } from 'node:net';
import type { Endpoint, EndpointSlice } from '@kubernest/api-types/discovery/v1';
import type { Endpoints } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import { ownerReferenceTo } from '../shared/ownership.ts';
import {
  type AddressType,
  freeName,
  MANAGED_BY,
  portsKey,
  reusing,
  rewritten,
  SERVICE_NAME,
  type SlicePlan,
} from '../shared/slices.ts';
import { TRIGGER_TIME } from '../shared/trigger-times.ts';

export const MANAGER = 'endpointslicemirroring-controller.k8s.io';
export const MAX_PER_SUBSET = 1000;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];
type Ports = NonNullable<EndpointSlice['ports']>;

export interface Mirror extends SlicePlan {
  /** Addresses that are none. */
  readonly invalid: number;
  /** Addresses beyond what is mirrored of a subset. */
  readonly skipped: number;
}

interface Group {
  readonly family: AddressType;
  readonly ports: Ports;
  readonly endpoints: Map<string, Endpoint>;
}

/** Pure: slices that say what Endpoints say which people keep by hand, one for each family and set of ports. */
export function planMirror(endpoints: Endpoints, slices: readonly EndpointSlice[]): Mirror {
  const { groups, ...left } = groupsOf(endpoints);
  const taken = new Set(slices.map(({ metadata }) => metadata.name!));
  const create: EndpointSlice[] = [];
  const update: EndpointSlice[] = [];
  const kept = new Set<EndpointSlice>();
  const byKey = Map.groupBy(slices, (slice) => keyOf(slice.addressType as AddressType, portsKey(slice.ports ?? [])));
  for (const [key, group] of groups) {
    const wanted = sliceFor(endpoints, group);
    const found = byKey.get(key)?.[0];
    if (found) kept.add(found);
    if (found && !saysSame(found, wanted)) update.push(rewritten(found, wanted));
    if (found) continue;
    const name = freeName(endpoints.metadata.name!, `${endpoints.metadata.uid}|${key}`, taken);
    create.push({ ...wanted, metadata: { ...wanted.metadata, name } });
  }
  return { ...reusing({ create, update, delete: slices.filter((slice) => !kept.has(slice)) }), ...left };
}

const keyOf = (family: AddressType, ports: string): string => `${family}|${ports}`;

function groupsOf({ subsets = [] }: Endpoints) {
  const groups = new Map<string, Group>();
  let invalid = 0;
  let skipped = 0;
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const all = [
      ...addresses.map((address) => [address, true] as const),
      ...notReadyAddresses.map((address) => [address, false] as const),
    ];
    const valid = all.filter(([{ ip }]) => isIP(ip) !== 0);
    invalid += all.length - valid.length;
    skipped += Math.max(0, valid.length - MAX_PER_SUBSET);
    const plain = ports.map((port) => ({ ...port, name: port.name ?? '' }));
    // Made once: a subset may have as many ports as addresses.
    const portsText = portsKey(plain);
    const keys = { IPv4: keyOf('IPv4', portsText), IPv6: keyOf('IPv6', portsText) };
    for (const [address, ready] of valid.slice(0, MAX_PER_SUBSET)) {
      const family = isIPv6(address.ip) ? 'IPv6' : 'IPv4';
      const key = keys[family];
      const group = groups.get(key) ?? { family, ports: plain, endpoints: new Map() };
      if (!group.endpoints.has(address.ip)) group.endpoints.set(address.ip, endpointOf(address, ready));
      groups.set(key, group);
    }
  }
  return { groups, invalid, skipped };
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: Address, ready: boolean) => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname ? { hostname } : {}),
  ...(nodeName ? { nodeName } : {}),
  ...(targetRef ? { targetRef } : {}),
});

function sliceFor(endpoints: Endpoints, { family, ports, endpoints: members }: Group): EndpointSlice {
  const { name, namespace, labels, annotations = {} } = endpoints.metadata;
  const { [TRIGGER_TIME]: _, [LAST_APPLIED]: __, ...copied } = annotations;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [SERVICE_NAME]: name!, [MANAGED_BY]: MANAGER },
      annotations: copied,
      ownerReferences: [ownerReferenceTo(endpoints, { apiVersion: 'v1', kind: 'Endpoints' })],
    },
    addressType: family,
    ports,
    endpoints: [...members.values()],
  };
}

function saysSame(found: EndpointSlice, wanted: EndpointSlice): boolean {
  const { labels, annotations, ownerReferences } = found.metadata;
  return (
    deepEqual(found.endpoints, wanted.endpoints) &&
    deepEqual([labels, ownerReferences], [wanted.metadata.labels, wanted.metadata.ownerReferences]) &&
    deepEqual(annotations ?? {}, wanted.metadata.annotations)
  );
}
