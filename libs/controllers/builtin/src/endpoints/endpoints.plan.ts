import { isIPv6 } from 'node:net';
import type { Endpoints, Pod, Service } from '@kubernest/kinds';
import { isReady } from '../shared/pods.ts';
import {
  belongsBehind,
  hostnameOf,
  isHeadless,
  portsForEach,
  type ResolvedPort,
  targetRefOf,
} from '../shared/service-pods.ts';

export const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
export const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
export const MANAGER = 'endpoint-controller';
const HEADLESS = 'service.kubernetes.io/headless';
/** compat: more than this an Endpoints object does not hold; EndpointSlices have them all. */
const MAX_ADDRESSES = 1000;

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

/** The Endpoints object that belongs to the service, without resource version. */
export function planEndpoints(service: Service, pods: readonly Pod[]): Endpoints {
  const portsOf = endpointPorts(service);
  const entries = pods.flatMap((pod) => entryOf(service, pod, portsOf));
  const kept = capped(entries);
  const labels: Record<string, string> = { ...service.metadata.labels, [MANAGED_BY]: MANAGER };
  delete labels[HEADLESS];
  if (isHeadless(service)) labels[HEADLESS] = '';
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: service.metadata.name,
      namespace: service.metadata.namespace,
      labels,
      ...(kept.length < entries.length ? { annotations: { [OVER_CAPACITY]: 'truncated' } } : {}),
    },
    subsets: subsetsOf(kept),
  };
}

type Ports = NonNullable<Subset['ports']>;

interface Entry {
  readonly address: Address;
  readonly ready: boolean;
  /** One for all that have the same ports. */
  readonly behind: { readonly key: string; readonly ports: Ports };
}

/** The pods' ports in the form that Endpoints have, each list of them made once. */
function endpointPorts(service: Service): (pod: Pod) => Entry['behind'] {
  const portsOf = portsForEach(service);
  const known = new Map<readonly ResolvedPort[], Entry['behind']>();
  return (pod) => {
    const resolved = portsOf(pod);
    let behind = known.get(resolved);
    if (!behind) {
      const ports = resolved.map(({ name, ...port }) => (name ? { name, ...port } : port)) as Ports;
      behind = { key: JSON.stringify(ports), ports };
      known.set(resolved, behind);
    }
    return behind;
  };
}

function entryOf(service: Service, pod: Pod, portsOf: (pod: Pod) => Entry['behind']): Entry[] {
  const all = service.spec?.publishNotReadyAddresses === true;
  if (!belongsBehind(pod, all)) return [];
  const v6 = service.spec?.ipFamilies?.[0] === 'IPv6' || isIPv6(service.spec?.clusterIP ?? '');
  const ip = (pod.status?.podIPs ?? [])
    .map((one) => one.ip ?? '')
    .find((candidate) => candidate !== '' && isIPv6(candidate) === v6);
  if (!ip) return [];
  const behind = portsOf(pod);
  if (behind.ports.length === 0 && (service.spec?.ports ?? []).length > 0) return [];
  const hostname = hostnameOf(service, pod);
  const { nodeName } = pod.spec ?? {};
  const address = {
    ip,
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: targetRefOf(pod),
  };
  return [{ address, ready: all || isReady(pod), behind }];
}

/** Ready ones stay first when there are too many. */
function capped(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length <= MAX_ADDRESSES) return entries;
  return [...entries].sort((a, b) => Number(b.ready) - Number(a.ready)).slice(0, MAX_ADDRESSES);
}

function subsetsOf(entries: readonly Entry[]): Subset[] {
  const groups = Map.groupBy(entries, (entry) => entry.behind.key);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => {
      const side = (ready: boolean) =>
        members
          .filter((member) => member.ready === ready)
          .map((member) => member.address)
          .sort((a, b) =>
            a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : (a.targetRef?.name ?? '').localeCompare(b.targetRef?.name ?? ''),
          );
      const { ports } = members[0]!.behind;
      const [addresses, notReadyAddresses] = [side(true), side(false)];
      return {
        ...(addresses.length > 0 ? { addresses } : {}),
        ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
        ...(ports.length > 0 ? { ports } : {}),
      };
    });
}
