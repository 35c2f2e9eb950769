import type { HostPort } from '@kubernest/runtime/contract';
import type { NetworkNames } from './names.ts';

/** Spoken by every plugin since 0.8, Debian's included. */
export const cniVersion = '0.4.0';

export interface PluginConfig {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface NetworkFacts {
  readonly names: NetworkNames;
  readonly podCidrs: readonly string[];
  /** Where host-local keeps its leases. */
  readonly leaseDir: string;
  readonly mtu?: number;
}

/** The plugins of one attachment, in the order of ADD; DEL runs them backwards. */
export function pluginChain(facts: NetworkFacts, hostPorts: readonly HostPort[]): readonly PluginConfig[] {
  const head = { cniVersion, name: facts.names.network };
  const routes = facts.podCidrs.map((cidr) => ({ dst: cidr.includes(':') ? '::/0' : '0.0.0.0/0' }));
  const bridge = {
    ...head,
    type: 'bridge',
    bridge: facts.names.bridge,
    isGateway: true,
    // Masquerading is ours: the plugin's own would hide pods from each other's nodes.
    ipMasq: false,
    hairpinMode: true,
    ...(facts.mtu ? { mtu: facts.mtu } : {}),
    ipam: {
      type: 'host-local',
      dataDir: facts.leaseDir,
      ranges: facts.podCidrs.map((subnet) => [{ subnet }]),
      routes,
    },
  };
  if (hostPorts.length === 0) return [bridge];
  const portMappings = hostPorts.map((port) => ({
    hostPort: port.hostPort,
    containerPort: port.containerPort,
    protocol: port.protocol.toLowerCase(),
    ...(port.hostIP && port.hostIP !== '0.0.0.0' ? { hostIP: port.hostIP } : {}),
  }));
  return [
    bridge,
    { ...head, type: 'portmap', snat: true, capabilities: { portMappings: true }, runtimeConfig: { portMappings } },
  ];
}

/** Sets `lo` up; its result is of no use to anyone. */
export const loopbackConfig: PluginConfig = { cniVersion, name: 'lo', type: 'loopback' };

export interface CniResult {
  readonly ips?: readonly { readonly address: string }[];
  /** Without `sandbox`: on the machine's side. */
  readonly interfaces?: readonly { readonly name: string; readonly sandbox?: string }[];
  readonly [key: string]: unknown;
}

export const addressesOf = (result: CniResult): readonly string[] =>
  (result.ips ?? []).map(({ address }) => address.split('/')[0] ?? '');

/** The machine's ends of the pairs that lead into a sandbox. */
export const hostEndsOf = (result: CniResult, bridge: string): readonly string[] =>
  (result.interfaces ?? []).filter(({ name, sandbox }) => !sandbox && name !== bridge).map(({ name }) => name);
