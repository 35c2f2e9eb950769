import type { KubeObject } from '@kubernest/meta';

export interface ServicePortDraft {
  name?: string;
  protocol?: string;
  port: number;
  nodePort?: number;
}
export interface ServiceDraft extends KubeObject {
  spec?: {
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    ipFamilies?: string[];
    ipFamilyPolicy?: string;
    ports?: ServicePortDraft[];
    allocateLoadBalancerNodePorts?: boolean;
    healthCheckNodePort?: number;
    externalTrafficPolicy?: string;
  };
}

/** All that is allocated lies below. */
export const RANGES = '/kubernest/ranges/';
const ADDRESSES = `${RANGES}services/`;

export const addressKey = (address: string): string => `${ADDRESSES}${address}`;
export const nodePortKey = (protocol: string, port: number): string =>
  `${RANGES}nodeports/${protocol.toLowerCase()}/${port}`;

const protocols = ['tcp', 'udp', 'sctp'];
/** All the keys one of which says that a node port is somebody's. */
export const nodePortKeys = (port: number): readonly string[] =>
  protocols.map((protocol) => nodePortKey(protocol, port));

export type Allocated = { readonly address: string } | { readonly port: number };

/** What a key stands for. */
export function allocatedBy(key: string): Allocated {
  const last = key.slice(key.lastIndexOf('/') + 1);
  return key.startsWith(ADDRESSES) ? { address: last } : { port: Number(last) };
}

export const wantsAddress = (service: ServiceDraft): boolean =>
  service.spec?.type !== 'ExternalName' && service.spec?.clusterIP !== 'None';

export function wantsNodePorts({ spec }: ServiceDraft): boolean {
  if (spec?.type === 'NodePort') return true;
  return spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false;
}

export const wantsHealthCheckPort = ({ spec }: ServiceDraft): boolean =>
  spec?.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';

/** The keys that a stored Service holds. */
export function heldKeys(service: ServiceDraft | undefined): Set<string> {
  const keys = new Set<string>();
  const { clusterIP, ports, type, healthCheckNodePort } = service?.spec ?? {};
  if (clusterIP && clusterIP !== 'None') keys.add(addressKey(clusterIP));
  if (type !== 'NodePort' && type !== 'LoadBalancer') return keys;
  for (const port of ports ?? []) if (port.nodePort) keys.add(nodePortKey(port.protocol ?? 'TCP', port.nodePort));
  if (healthCheckNodePort) keys.add(nodePortKey('TCP', healthCheckNodePort));
  return keys;
}
