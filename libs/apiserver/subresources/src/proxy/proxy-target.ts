import type { ObjectReader } from '@kubernest/apiserver/engine';
import { badRequest, type KubeObject, notFound, unavailable } from '@kubernest/meta';
import { ipsOf, type Pod, pods } from '../pod.ts';

export interface ProxyTarget {
  /** As it was asked for. */
  readonly id: string;
  readonly tls: boolean;
  readonly name: string;
  /** A number or a name; empty where none was given. */
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. Throws 400 for anything else. */
export function parseTarget(kind: 'node' | 'pod' | 'service', id: string): ProxyTarget {
  const parts = id.split(':');
  const [scheme, name, port] = parts.length > 2 ? parts : ['', ...parts];
  const valid = parts.length <= 3 && name && (scheme === '' || scheme === 'http' || scheme === 'https');
  if (!valid) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return { id, tls: scheme === 'https', name, port: port ?? '' };
}

/** A pod's port by number or name; without one, the first that a container declares. What is none is left for the dialler to refuse. */
export function podPort(pod: Pod, { port, tls }: ProxyTarget): number | string {
  const declared = pod.spec.containers.flatMap((container) => container.ports ?? []);
  if (port === '') return declared[0]?.containerPort ?? (tls ? 443 : 80);
  return declared.find((each) => each.name === port)?.containerPort ?? port;
}

interface Service extends KubeObject {
  readonly spec: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}
interface Slice extends KubeObject {
  readonly endpoints?: readonly Endpoint[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}
interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean };
  readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

/** One ready endpoint behind a port of a Service, another one each time. */
export function endpointOf(
  read: ObjectReader,
  namespace: string,
  { id, name, port }: ProxyTarget,
): { readonly host: string; readonly port: number } {
  const service = read.get<Service>({ group: '', resource: 'services' }, `${namespace}/${name}`);
  if (!service) throw notFound({ group: '', resource: 'services', name });
  const ports = service.spec.ports ?? [];
  const byNumber = /^[+-]?\d+$/.test(port);
  const wanted =
    port === '' && ports.length === 1
      ? ports[0]
      : ports.find((each) => (byNumber ? each.port === Number(port) : (each.name ?? '') === port));
  if (!wanted && byNumber)
    throw unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
  const candidates = read
    .list<Slice>({ group: 'discovery.k8s.io', resource: 'endpointslices' }, namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => {
      const number = slice.ports?.find((each) => wanted && (each.name ?? '') === (wanted.name ?? ''))?.port;
      if (number === undefined) return [];
      const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false);
      return ready.flatMap((endpoint) => podAddress(read, namespace, endpoint).map((host) => ({ host, port: number })));
    });
  const chosen = candidates[Math.floor(Math.random() * candidates.length)];
  if (!chosen) throw unavailable(`no endpoints available for service ${JSON.stringify(id)}`);
  return chosen;
}

/** compat: only addresses of the namespace's own pods, whatever else somebody wrote into a slice. */
function podAddress(read: ObjectReader, namespace: string, { addresses, targetRef }: Endpoint): readonly string[] {
  const [address] = addresses;
  if (address === undefined || targetRef?.kind !== 'Pod' || targetRef.namespace !== namespace) return [];
  const pod = read.get<Pod>(pods, `${namespace}/${targetRef.name}`);
  return pod && ipsOf(pod).includes(address) ? [address] : [];
}
