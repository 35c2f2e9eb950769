import type { Pod } from '@kubernest/api-types/core/v1';
import type { Context } from '@kubernest/kit';
import { badRequest, notFound } from '@kubernest/meta';
import type { ClusterReader, PodPort } from '../contract.ts';
import { refuseSimulated } from './node.ts';

const pods = { group: '', resource: 'pods' } as const;

/** Its addresses, the preferred one first. */
const ipsOf = ({ status }: Pod): readonly string[] =>
  status?.podIPs?.length ? status.podIPs.map(({ ip }) => ip) : status?.podIP ? [status.podIP] : [];

export async function podEndpoint(
  read: ClusterReader,
  wanted: PodPort,
  ctx: Context,
): Promise<{ readonly host: string; readonly port: number | string }> {
  const { namespace, name } = wanted;
  const key = `${namespace}/${name}`;
  const pod = read.get<Pod>(pods, key) ?? (await read.fetch<Pod>(pods, key, ctx));
  if (!pod) throw notFound({ ...pods, name });
  refuseSimulated(read, pod.spec!.nodeName);
  const [host] = ipsOf(pod);
  if (!host) throw badRequest('address not allowed');
  return { host, port: portOf(pod, wanted) };
}

/** By number or name; without one, the first that a container declares. What is none is left to be refused. */
function portOf(pod: Pod, { port, security }: PodPort): number | string {
  const declared = pod.spec!.containers.flatMap((container) => container.ports ?? []);
  if (port === '') return declared[0]?.containerPort ?? (security === 'none' ? 80 : 443);
  return declared.find((each) => each.name === port)?.containerPort ?? port;
}

/** True where a pod of that namespace has the address now. */
export function isPodAt(read: ClusterReader, namespace: string, name: string, address: string): boolean {
  const pod = read.get<Pod>(pods, `${namespace}/${name}`);
  return pod !== undefined && ipsOf(pod).includes(address);
}
