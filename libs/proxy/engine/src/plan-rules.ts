import type { Service, ServicePort } from '@kubernest/api-types/core/v1';
import type { Endpoint, EndpointSlice } from '@kubernest/api-types/discovery/v1';
import {
  type EndpointRule,
  ipv4Of,
  type PortNumber,
  portOf,
  type ServicePortRule,
  type ServiceRules,
} from '@kubernest/proxy/contract';
import { addressesOf, affinitySecondsOf, knownRange, protocolOf } from './rule-values.ts';

export interface PlanInput {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly nodeName: string;
  readonly nodeAddresses: readonly string[];
  readonly clusterCidr: string | undefined;
  readonly serviceCidr: string | undefined;
}

const serviceNameLabel = 'kubernetes.io/service-name';

/**
 * From Services and their EndpointSlices to what the kernel should do. IPv4 only: addresses and ranges of the other family, and what is none, are
 * left out one by one, as kube-proxy does.
 */
export function planRules(input: PlanInput): ServiceRules {
  const slicesOf = slicesByService(input.slices);
  const ports = input.services
    .filter(isProxied)
    .flatMap((service) =>
      portRules(
        service,
        slicesOf.get(`${service.metadata?.namespace}/${service.metadata?.name}`) ?? [],
        input.nodeName,
      ),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    ports,
    nodeAddresses: input.nodeAddresses,
    clusterCidr: knownRange(input.clusterCidr),
    serviceCidr: knownRange(input.serviceCidr),
  };
}

/** By `namespace/name` of the Service. */
export function slicesByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const slicesOf = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const service = slice.metadata?.labels?.[serviceNameLabel];
    if (!service || slice.addressType !== 'IPv4' || isLeftAlone(slice)) continue;
    const key = `${slice.metadata?.namespace}/${service}`;
    const known = slicesOf.get(key);
    if (known) known.push(slice);
    else slicesOf.set(key, [slice]);
  }
  return slicesOf;
}

/** `namespace/name` of the Service that a rule is of. */
export const serviceKeyOf = ({ id }: ServicePortRule): string => id.split(':', 1)[0]!;

/** Headless Services, external names and those that another proxy takes care of have no rules here. */
export function isProxied(service: Service): boolean {
  const { clusterIP, type } = service.spec ?? {};
  if (type === 'ExternalName' || !clusterIP || clusterIP === 'None') return false;
  return !isLeftAlone(service);
}

/** A Service, or a slice of one, that says it is no matter of this proxy's. */
function isLeftAlone({ metadata }: Service | EndpointSlice): boolean {
  const labels = metadata?.labels ?? {};
  return ['service-proxy-name', 'headless'].some((name) => labels[`service.kubernetes.io/${name}`] !== undefined);
}

function portRules(service: Service, slices: readonly EndpointSlice[], nodeName: string): ServicePortRule[] {
  const spec = service.spec ?? {};
  const addresses = addressesOf(service);
  if (!addresses.clusterIP) return [];
  const sources = slices.map((slice) => ({ endpoints: slice.endpoints ?? [], targets: targetsOf(slice) }));
  return (spec.ports ?? []).flatMap((port) => {
    const [number, protocol] = [portOf(port.port), protocolOf(port.protocol)];
    if (!number || !protocol) return [];
    const all = endpointsOf(sources, port);
    const usable = (policy: string | undefined): EndpointRule[] =>
      usableEndpoints(policy === 'Local' ? all.filter((e) => e.endpoint.nodeName === nodeName) : all, nodeName);
    return {
      id: `${service.metadata?.namespace}/${service.metadata?.name}${port.name ? `:${port.name}` : ''}`,
      protocol,
      port: number,
      nodePort: portOf(port.nodePort),
      ...addresses,
      affinitySeconds: affinitySecondsOf(spec),
      clusterEndpoints: usable(spec.internalTrafficPolicy),
      externalEndpoints: usable(spec.externalTrafficPolicy),
      answeredElsewhere: usable(undefined).length > 0,
      externalPolicyLocal: spec.externalTrafficPolicy === 'Local',
    };
  });
}

interface Found {
  readonly endpoint: Endpoint;
  readonly target: PortNumber;
}

interface Source {
  readonly endpoints: readonly Endpoint[];
  readonly targets: ReadonlyMap<string, PortNumber | undefined>;
}

const portKey = ({ name, protocol }: Pick<ServicePort, 'name' | 'protocol'>): string =>
  `${protocol ?? 'TCP'} ${name ?? ''}`;

/** A slice's ports, laid out once for all ports of its Service. The first of a name is meant. */
function targetsOf(slice: EndpointSlice): ReadonlyMap<string, PortNumber | undefined> {
  const targets = new Map<string, PortNumber | undefined>();
  for (const port of slice.ports ?? []) if (!targets.has(portKey(port))) targets.set(portKey(port), portOf(port.port));
  return targets;
}

function endpointsOf(sources: readonly Source[], port: ServicePort): Found[] {
  const key = portKey(port);
  return sources.flatMap(({ endpoints, targets }) => {
    const target = targets.get(key);
    return target === undefined ? [] : endpoints.map((endpoint) => ({ endpoint, target }));
  });
}

/** Ready endpoints; when there are none, those that still serve while they terminate, so that a last pod drains in peace. */
function usableEndpoints(found: readonly Found[], nodeName: string): EndpointRule[] {
  const ready = found.filter(({ endpoint }) => endpoint.conditions?.ready !== false);
  const chosen = ready.length > 0 ? ready : found.filter(({ endpoint }) => servesWhileTerminating(endpoint));
  const byAddress = new Map<string, EndpointRule>();
  for (const { endpoint, target } of chosen) {
    const ip = ipv4Of(endpoint.addresses[0]);
    if (ip) byAddress.set(`${ip}:${target}`, { ip, port: target, local: endpoint.nodeName === nodeName });
  }
  return [...byAddress.keys()].sort().map((key) => byAddress.get(key)!);
}

function servesWhileTerminating(endpoint: Endpoint): boolean {
  return endpoint.conditions?.serving === true && endpoint.conditions.terminating === true;
}
