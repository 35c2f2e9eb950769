import type { Service } from '@kubernest/api-types/core/v1';
import type { EndpointSlice } from '@kubernest/api-types/discovery/v1';
import { notFound, unavailable } from '@kubernest/meta';
import type { ClusterReader, ServicePort } from '../contract.ts';
import { refuseSimulated } from './node.ts';
import { isPodAt } from './pod.ts';

interface Candidate {
  readonly host: string;
  readonly port: number;
  readonly family: string | undefined;
  readonly node: string | undefined;
}

const services = { group: '', resource: 'services' } as const;
const slices = { group: 'discovery.k8s.io', resource: 'endpointslices' } as const;

/** Where a Service leads: one ready endpoint by chance, of the primary family if it has any; an ExternalName's name. */
export function serviceEndpoint(
  read: ClusterReader,
  wanted: ServicePort,
): { readonly host: string; readonly port: number | string } {
  const { namespace, name, id = name } = wanted;
  const service = read.get<Service>(services, `${namespace}/${name}`);
  if (!service) throw notFound({ ...services, name });
  const { type, externalName, ipFamilies } = service.spec!;
  if (type === 'ExternalName' && !wanted.podsOnly) return { host: externalName ?? '', port: wanted.port };
  const port = portOf(service, wanted);
  const own = slicesOf(read, wanted);
  const found = port ? own.flatMap((slice) => candidatesOf(slice, port.name ?? '', wanted, read)) : [];
  const primary = found.filter(({ family }) => family === ipFamilies?.[0]);
  const chosen = anyOf(primary.length > 0 ? primary : found);
  if (chosen) {
    refuseSimulated(read, chosen.node);
    return chosen;
  }
  // compat: only where there is somebody is it said which port was asked for.
  const isEmpty = own.every((slice) => (slice.endpoints ?? []).length === 0);
  throw unavailable(`no endpoints available for service ${JSON.stringify(isEmpty ? name : id)}`);
}

const anyOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];

function portOf({ spec: { ports = [] } = {} }: Service, { name, port }: ServicePort) {
  const byNumber = /^[+-]?\d+$/.test(String(port));
  if (port === '' && ports.length === 1) return ports[0];
  const found = ports.find((each) => (byNumber ? each.port === Number(port) : (each.name ?? '') === port));
  if (!found && byNumber)
    throw unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
  return found;
}

const slicesOf = (read: ClusterReader, { namespace, name }: ServicePort): readonly EndpointSlice[] =>
  read
    .list<EndpointSlice>(slices, namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name);

function candidatesOf(
  slice: EndpointSlice,
  portName: string,
  { namespace, podsOnly }: ServicePort,
  read: ClusterReader,
): readonly Candidate[] {
  const port = slice.ports?.find((each) => (each.name ?? '') === portName)?.port;
  if (port === undefined) return [];
  return (slice.endpoints ?? []).flatMap(({ addresses, nodeName, conditions, targetRef }) => {
    const [host] = addresses;
    if (host === undefined || conditions?.ready === false) return [];
    const isPod = targetRef?.kind === 'Pod' && targetRef.namespace === namespace && targetRef.name !== undefined;
    if (podsOnly && !(isPod && isPodAt(read, namespace, targetRef.name!, host))) return [];
    return [{ host, port, family: slice.addressType, node: nodeName }];
  });
}
