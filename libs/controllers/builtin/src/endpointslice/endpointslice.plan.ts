import { isIPv6 } from 'node:net';
import type { Endpoint } from '@kubernest/api-types/discovery/v1';
import type { EndpointSlice, Node, Pod, Service } from '@kubernest/kinds';
import { deepEqual } from '@kubernest/meta';
import { ownerReferenceTo } from '../shared/ownership.ts';
import { isReady } from '../shared/pods.ts';
import {
  belongsBehind,
  hostnameOf,
  isHeadless,
  portsForEach,
  type ResolvedPort,
  targetRefOf,
} from '../shared/service-pods.ts';
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

export const MANAGER = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';
const ZONE = 'topology.kubernetes.io/zone';
export const MAX_ENDPOINTS = 100;

export interface SliceInput {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly slices: readonly EndpointSlice[];
  readonly node: (name: string) => Node | undefined;
}

/** The fewest writes that make the slices say what the pods are. */
export function planSlices(input: SliceInput): SlicePlan {
  const { service, slices } = input;
  const families = addressTypesOf(service);
  const plans = families.map((family) =>
    planFamily(
      input,
      family,
      slices.filter((slice) => slice.addressType === family),
    ),
  );
  const foreign = slices.filter((slice) => !families.includes(slice.addressType as AddressType));
  return {
    create: plans.flatMap((plan) => plan.create),
    update: plans.flatMap((plan) => plan.update),
    delete: [...plans.flatMap((plan) => plan.delete), ...foreign],
  };
}

export function addressTypesOf(service: Service): readonly AddressType[] {
  const families = (service.spec?.ipFamilies ?? []) as readonly AddressType[];
  if (families.length > 0) return families;
  const { clusterIP } = service.spec ?? {};
  return [clusterIP && clusterIP !== 'None' && isIPv6(clusterIP) ? 'IPv6' : 'IPv4'];
}

interface Group {
  readonly ports: readonly ResolvedPort[];
  readonly endpoints: Map<string, Endpoint>;
}

function planFamily(input: SliceInput, family: AddressType, slices: readonly EndpointSlice[]): SlicePlan {
  const groups = groupByPorts(input, family);
  // A service that nobody is behind still has a slice: it tells "nobody" from "not looked yet".
  if (groups.size === 0) groups.set('[]', { ports: [], endpoints: new Map() });
  const taken = new Set(slices.map((slice) => slice.metadata.name!));
  const byPorts = Map.groupBy(slices, (slice) => portsKey(slice.ports ?? []));
  const plans = [...groups].map(([key, group]) =>
    planGroup(input.service, family, key, group, byPorts.get(key) ?? [], taken),
  );
  const orphaned = [...byPorts].flatMap(([key, own]) => (groups.has(key) ? [] : own));
  return reusing({
    create: plans.flatMap((plan) => plan.create),
    update: plans.flatMap((plan) => plan.update),
    delete: [...plans.flatMap((plan) => plan.delete), ...orphaned],
  });
}

function groupByPorts({ service, pods, node }: SliceInput, family: AddressType): Map<string, Group> {
  const groups = new Map<string, Group>();
  const portsOf = portsForEach(service);
  const keys = new Map<readonly ResolvedPort[], string>();
  for (const pod of pods.filter((candidate) => belongsBehind(candidate, true))) {
    const addresses = (pod.status?.podIPs ?? []).flatMap(({ ip }) =>
      ip && isIPv6(ip) === (family === 'IPv6') ? [ip] : [],
    );
    if (addresses.length === 0) continue;
    const ports = portsOf(pod);
    const key = keys.get(ports) ?? portsKey(ports);
    keys.set(ports, key);
    const group = groups.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    group.endpoints.set(pod.metadata.uid!, endpointOf(service, pod, addresses, node));
    groups.set(key, group);
  }
  return groups;
}

function endpointOf(service: Service, pod: Pod, addresses: string[], node: SliceInput['node']): Endpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const nodeName = pod.spec?.nodeName;
  const zone = nodeName ? node(nodeName)?.metadata.labels?.[ZONE] : undefined;
  const hostname = hostnameOf(service, pod);
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    targetRef: targetRefOf(pod),
    ...(zone ? { zone } : {}),
    ...(ready ? hintsFor(service, zone, nodeName) : {}),
  };
}

/** Who should rather use this endpoint, where the service asks for traffic to stay near. */
function hintsFor(service: Service, zone: string | undefined, nodeName: string | undefined): Pick<Endpoint, 'hints'> {
  const distribution = service.spec?.trafficDistribution ?? '';
  if (!['PreferClose', 'PreferSameZone', 'PreferSameNode'].includes(distribution)) return {};
  const hints = {
    ...(zone ? { forZones: [{ name: zone }] } : {}),
    ...(nodeName && distribution === 'PreferSameNode' ? { forNodes: [{ name: nodeName }] } : {}),
  };
  return Object.keys(hints).length > 0 ? { hints } : {};
}

function planGroup(
  service: Service,
  family: AddressType,
  key: string,
  group: Group,
  slices: readonly EndpointSlice[],
  taken: Set<string>,
): SlicePlan {
  const left = new Map(group.endpoints);
  const frame = frameOf(service, family, group.ports);
  const states = slices.map((slice) => {
    const kept = (slice.endpoints ?? []).flatMap((endpoint) => {
      const wanted = left.get(endpoint.targetRef?.uid ?? '');
      left.delete(endpoint.targetRef?.uid ?? '');
      return wanted ? [wanted] : [];
    });
    const changed = !deepEqual(kept, slice.endpoints ?? []) || !hasFrame(slice, frame);
    return { slice, endpoints: kept, changed };
  });
  // What must be written anyway takes newcomers first, then the fullest, so that few slices change.
  const order = [...states].sort(
    (a, b) => Number(b.changed) - Number(a.changed) || b.endpoints.length - a.endpoints.length,
  );
  const newcomers = [...left.values()];
  for (const state of order) {
    const room = Math.max(0, MAX_ENDPOINTS - state.endpoints.length);
    const added = newcomers.splice(0, room);
    if (added.length === 0) continue;
    state.endpoints.push(...added);
    state.changed = true;
  }
  const create: EndpointSlice[] = [];
  while (newcomers.length > 0 || (states.length === 0 && create.length === 0)) {
    create.push({
      ...frame,
      metadata: {
        ...frame.metadata,
        name: freeName(service.metadata.name!, `${service.metadata.uid}|${family}|${key}`, taken),
      },
      endpoints: newcomers.splice(0, MAX_ENDPOINTS),
    });
  }
  const empty = states.filter((state) => state.endpoints.length === 0);
  const spare = new Set(group.endpoints.size === 0 ? empty.slice(1) : empty);
  const update = states
    .filter((state) => state.changed && !spare.has(state))
    .map(({ slice, endpoints }) => rewritten(slice, { ...frame, endpoints }));
  return { create, update, delete: [...spare].map(({ slice }) => slice) };
}

/** All of a slice but its name and endpoints. */
function frameOf(service: Service, family: AddressType, ports: readonly ResolvedPort[]) {
  const { name, namespace } = service.metadata;
  const labels: Record<string, string> = { ...service.metadata.labels, [SERVICE_NAME]: name!, [MANAGED_BY]: MANAGER };
  delete labels[HEADLESS];
  if (isHeadless(service)) labels[HEADLESS] = '';
  return {
    apiVersion: 'discovery.k8s.io/v1' as const,
    kind: 'EndpointSlice' as const,
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels,
      ownerReferences: [ownerReferenceTo(service, { apiVersion: 'v1', kind: 'Service' })],
    },
    addressType: family,
    ports: ports.map((port) => ({ ...port })) as EndpointSlice['ports'],
  };
}

function hasFrame(slice: EndpointSlice, frame: ReturnType<typeof frameOf>): boolean {
  const { labels, ownerReferences } = slice.metadata;
  return deepEqual(labels, frame.metadata.labels) && deepEqual(ownerReferences, frame.metadata.ownerReferences);
}
