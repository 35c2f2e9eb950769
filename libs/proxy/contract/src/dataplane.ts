import type { Context } from '@kubernest/kit';
import type { Ipv4, Ipv4Range, PortNumber } from './addresses.ts';

/**
 * What the kernel should do with Service traffic, computed by the engine from Services and EndpointSlices, without a word of iptables or
 * nftables. A dataplane makes it so.
 */
export interface ServiceRules {
  readonly ports: readonly ServicePortRule[];
  /** Addresses of this node on which node ports answer. */
  readonly nodeAddresses: readonly string[];
  /** Traffic from outside of this is masqueraded when it goes to a cluster IP. */
  readonly clusterCidr: Ipv4Range | undefined;
  /** Where cluster IPs come from: what is addressed to it and belongs to no port of `ports` is refused. */
  readonly serviceCidr: Ipv4Range | undefined;
}

/** One port of one Service. */
export interface ServicePortRule {
  /** `namespace/service:port-name`: identity, stable across changes, used to name chains and in comments. */
  readonly id: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly clusterIP: Ipv4 | undefined;
  readonly port: PortNumber;
  readonly nodePort: PortNumber | undefined;
  readonly externalIPs: readonly Ipv4[];
  readonly loadBalancerIPs: readonly Ipv4[];
  /** Who may use the load balancer IPs; empty: everybody. */
  readonly loadBalancerSourceRanges: readonly Ipv4Range[];
  /** Seconds a client stays with its endpoint; undefined: no affinity. */
  readonly affinitySeconds: number | undefined;
  /** Where traffic to the cluster IP goes. */
  readonly clusterEndpoints: readonly EndpointRule[];
  /** Where traffic to node ports, external and load balancer IPs goes. */
  readonly externalEndpoints: readonly EndpointRule[];
  /** What becomes of traffic that has nowhere to go: dropped where it would find endpoints on other nodes, else rejected. */
  readonly answeredElsewhere: boolean;
  readonly externalPolicyLocal: boolean;
}

export interface EndpointRule {
  readonly ip: Ipv4;
  readonly port: PortNumber;
  /** On this node. */
  readonly local: boolean;
}

export interface Dataplane {
  readonly name: string;
  /**
   * Brings the kernel from whatever it holds of ours to `rules`, touching only what changed since the last success and nothing of others.
   * Not called concurrently. Throws `RulesRefused` when something in `rules` is the reason why it could not, and something else when the machine is.
   */
  apply(rules: ServiceRules, ctx: Context): Promise<ApplyReport>;
  /** What was last brought about, also by a process before this one; undefined when nothing is known of. */
  held(): ServiceRules | undefined;
  /** Removes everything of ours; already clean is success. */
  teardown(ctx: Context): Promise<void>;
}

export interface ApplyReport {
  /** Lines handed to the kernel: 0 when nothing changed. */
  readonly lines: number;
  /** True when the whole table was written (first run, or after a failure or foreign damage). */
  readonly full: boolean;
}

/** There is something in the rules that the kernel does not take, in words for whoever wrote the Service. What is in force is as it was, or partly new: the next `apply` finds out. */
export class RulesRefused extends Error {
  override readonly name = 'RulesRefused';
}
