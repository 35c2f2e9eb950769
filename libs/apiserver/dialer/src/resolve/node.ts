import type { Node } from '@kubernest/api-types/core/v1';
import { badRequest, notFound, unavailable } from '@kubernest/meta';
import type { ClusterReader } from '../contract.ts';

const AGENT_PORT = 10250;
const preferred = ['InternalIP', 'ExternalIP', 'Hostname'];
const nodes = { group: '', resource: 'nodes' } as const;

/** A node that is not there, as its own status says. */
const isSimulated = ({ status }: Node): boolean =>
  status?.nodeInfo?.containerRuntimeVersion?.startsWith('hollow://') === true;

/** Nobody is at the addresses of a simulated node and of its pods, or else a stranger. No node is known by an empty name. */
export function refuseSimulated(read: ClusterReader, name = ''): void {
  const node = read.get<Node>(nodes, name);
  if (node && isSimulated(node))
    throw badRequest(
      `node "${name}" is simulated: its pods have no containers, so there is nothing to log, to run or to reach`,
    );
}

/** Where a node's agent listens. */
export function agentOf(read: ClusterReader, name: string): { readonly host: string; readonly port: number } {
  const node = read.get<Node>(nodes, name);
  if (!node) throw notFound({ ...nodes, name });
  refuseSimulated(read, name);
  const host = preferred.flatMap(
    (type) => node.status?.addresses?.find((each) => each.type === type)?.address ?? [],
  )[0];
  if (!host) throw unavailable(`node "${name}" has no address yet`);
  return { host, port: node.status?.daemonEndpoints?.kubeletEndpoint?.Port || AGENT_PORT };
}
