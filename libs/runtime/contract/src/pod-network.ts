import type { Context } from '@kubernest/kit';
import type { PodIdentity } from './pod-identity.ts';

/**
 * Wires a sandbox into the node's pod network (CNI). Called by the kubelet after `runSandbox` and before the first container.
 * `attach` again for the same sandbox returns what it has; `detach` of what is not there is success.
 */
export interface PodNetwork {
  attach(request: PodNetworkRequest, ctx: Context): Promise<PodNetworkStatus>;
  detach(
    request: Omit<PodNetworkRequest, 'hostPorts'> & { readonly hostPorts?: readonly HostPort[] },
    ctx: Context,
  ): Promise<void>;
  /**
   * Gives back what belongs to no live sandbox: of pods that went while no agent was there, or by an unknown fault. `findLive` is asked
   * after it has been listed what is given out, so that this may run beside `attach`.
   */
  reclaim(findLive: () => Promise<ReadonlySet<string>>, ctx: Context): Promise<void>;
  /** Ready when plugins and pod CIDR are there; the reason otherwise (becomes the node's NetworkUnavailable/Ready message). */
  status(): { readonly ready: true } | { readonly ready: false; readonly reason: string };
  /** Called when the node's pod CIDR is known; same value again does nothing. Opens forwarding for it with chains of our own. */
  configure(
    network: { readonly podCidrs: readonly string[]; readonly clusterCidr?: string },
    ctx: Context,
  ): Promise<void>;
  /** Takes everything back that was made: bridge, chains, leases. After all sandboxes are gone. */
  teardown(ctx: Context): Promise<void>;
}

export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly hostIP?: string;
}

export interface PodNetworkRequest {
  readonly sandboxId: string;
  readonly pod: PodIdentity;
  /** Undefined on detach when the sandbox died: addresses are given back all the same. */
  readonly netns: string | undefined;
  readonly hostPorts: readonly HostPort[];
}

export interface PodNetworkStatus {
  /** Without prefix length; the first is the pod's primary address. */
  readonly ips: readonly string[];
}
