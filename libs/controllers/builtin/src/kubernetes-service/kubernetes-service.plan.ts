import { isIPv6 } from 'node:net';
import type { EndpointSlice, Endpoints, Lease, Service } from '@kubernest/kinds';
import { deepEqual, isLoopback, parseIp } from '@kubernest/meta';

export const NAME = 'kubernetes';
export const NAMESPACE = 'default';
const SERVICE_NAME = 'kubernetes.io/service-name';
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';

/** Where one API server answers. */
export interface ApiEndpoint {
  readonly address: string;
  readonly port: number;
}

export function kubernetesService(serviceIP: string, port: number): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: NAMESPACE, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: serviceIP,
      clusterIPs: [serviceIP],
      ipFamilies: [isIPv6(serviceIP) ? 'IPv6' : 'IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
    },
  };
}

/** The port leads somewhere else than the API listens; the address cannot change and is left. */
export function needsPort(service: Service, wanted: Service): boolean {
  const [held, right] = [service.spec?.ports ?? [], wanted.spec!.ports!];
  return !(held.length === 1 && held[0]!.port === right[0]!.port && held[0]!.name === right[0]!.name);
}

/** `[address]:port` or `address:port`, as an API server writes it into its Lease. */
export function identityOf({ address, port }: ApiEndpoint): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

export function endpointFrom(lease: Lease): ApiEndpoint | undefined {
  const match = /^\[?(.+?)\]?:(\d+)$/.exec(lease.spec?.holderIdentity ?? '');
  return match ? { address: match[1]!, port: Number(match[2]) } : undefined;
}

/** By port, then by address; each once. */
export function sortEndpoints(endpoints: readonly ApiEndpoint[]): readonly ApiEndpoint[] {
  const once = new Map(endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  return [...once.values()].sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

export function kubernetesEndpoints(endpoints: readonly ApiEndpoint[]): Endpoints {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: NAME, namespace: NAMESPACE, labels: { [SKIP_MIRROR]: 'true' } },
    subsets: groups(endpoints).map(([port, addresses]) => ({
      addresses: addresses.map((ip) => ({ ip })),
      ports: [{ name: 'https', port, protocol: 'TCP' }],
    })),
  };
}

/** A slice has one set of ports: API servers on further ports get slices of their own. */
export function kubernetesSlices(endpoints: readonly ApiEndpoint[]): readonly EndpointSlice[] {
  return groups(endpoints).map(([port, addresses], n) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: n === 0 ? NAME : `${NAME}-${port}`,
      namespace: NAMESPACE,
      labels: { [SERVICE_NAME]: NAME },
    },
    addressType: isIPv6(addresses[0]!) ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  }));
}

export function saysSameEndpoints(a: Endpoints, b: Endpoints): boolean {
  return deepEqual((a.subsets ?? []) as never, (b.subsets ?? []) as never);
}

export function saysSameSlice(a: EndpointSlice, b: EndpointSlice): boolean {
  const said = ({ addressType, endpoints, ports, metadata }: EndpointSlice) => ({
    addressType,
    service: metadata.labels?.[SERVICE_NAME] ?? '',
    endpoints: (endpoints ?? []).map(({ addresses, conditions }) => ({ addresses, ready: conditions?.ready ?? true })),
    ports: (ports ?? []).map(({ name, port, protocol }) => ({ name, port, protocol })),
  });
  return deepEqual(said(a) as never, said(b) as never);
}

/** Ours by name: what nobody answers behind any more goes. */
export const isOwnSlice = (name: string): boolean => name === NAME || /^kubernetes-\d+$/.test(name);

/** An address that leads everybody to himself is no way to the API server: such a server is behind nothing. */
function leadsHere({ address }: ApiEndpoint): boolean {
  const ip = parseIp(address);
  return ip !== undefined && !isLoopback(ip);
}

function groups(endpoints: readonly ApiEndpoint[]): readonly (readonly [number, readonly string[]])[] {
  return [...Map.groupBy(sortEndpoints(endpoints.filter(leadsHere)), ({ port }) => port)].map(
    ([port, of]) => [port, of.map(({ address }) => address)] as const,
  );
}
