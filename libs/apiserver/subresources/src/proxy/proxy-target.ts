import type { ObjectReader } from '@kubernest/apiserver/engine';
import { badRequest, type KubeObject, notFound, unavailable } from '@kubernest/meta';
import type { Pod } from '../pod.ts';

/** `name`, `name:port` or `scheme:name:port`. */
export function parsePort(text: string): { readonly scheme: string; readonly name: string; readonly port: string } {
  const parts = text.split(':');
  if (parts.length === 1) return { scheme: 'http', name: text, port: '' };
  if (parts.length === 2) return { scheme: 'http', name: parts[0]!, port: parts[1]! };
  const [scheme = '', name = '', port = ''] = parts;
  if (parts.length > 3 || (scheme !== 'http' && scheme !== 'https')) {
    throw badRequest(`invalid proxy target ${JSON.stringify(text)}: name, name:port or https:name:port`);
  }
  return { scheme, name, port };
}

/** A pod's port by number or name; without one, the first that a container declares. */
export function podPort(pod: Pod, port: string): number {
  const declared = pod.spec.containers.flatMap((container) => container.ports ?? []);
  if (port === '') return declared[0]?.containerPort ?? 80;
  if (/^\d+$/.test(port)) return Number(port);
  const named = declared.find((each) => each.name === port);
  if (!named) throw badRequest(`pod ${pod.metadata.name} has no port named ${JSON.stringify(port)}`);
  return named.containerPort;
}

interface Service extends KubeObject {
  readonly spec: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}
interface Slice extends KubeObject {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

/** One ready endpoint behind a port of a Service, another one each time. */
export function endpointOf(
  read: ObjectReader,
  { namespace, name, port }: { readonly namespace: string; readonly name: string; readonly port: string },
): { readonly host: string; readonly port: number } {
  const service = read.get<Service>({ group: '', resource: 'services' }, `${namespace}/${name}`);
  if (!service) throw notFound({ group: '', resource: 'services', name });
  const ports = service.spec.ports ?? [];
  const wanted =
    port === '' && ports.length === 1
      ? ports[0]
      : ports.find((each) => each.name === port || String(each.port) === port);
  if (!wanted) throw unavailable(`no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`);
  const candidates = read
    .list<Slice>({ group: 'discovery.k8s.io', resource: 'endpointslices' }, namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => {
      const number = slice.ports?.find((each) => (each.name ?? '') === (wanted.name ?? ''))?.port;
      if (number === undefined) return [];
      const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false);
      return ready.flatMap((endpoint) => endpoint.addresses.slice(0, 1).map((host) => ({ host, port: number })));
    });
  const chosen = candidates[Math.floor(Math.random() * candidates.length)];
  if (!chosen) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return chosen;
}
