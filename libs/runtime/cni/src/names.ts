import { createHash } from 'node:crypto';

export interface NetworkNames {
  /** Of the CNI network: host-local keeps leases under it. */
  readonly network: string;
  readonly bridge: string;
  readonly forwardChain: string;
  readonly masqueradeChain: string;
}

/** The kernel's limits: 15 characters for a link, 28 for a chain. Clusters side by side differ in the hash of their names. */
export function networkNames(cluster: string, over: Partial<NetworkNames> = {}): NetworkNames {
  const hash = createHash('sha256').update(cluster).digest('hex').slice(0, 8);
  return {
    network: `kubernest-${hash}`,
    bridge: `kn-${hash}`,
    forwardChain: `KUBERNEST-FWD-${hash}`,
    masqueradeChain: `KUBERNEST-MASQ-${hash}`,
    ...over,
  };
}
