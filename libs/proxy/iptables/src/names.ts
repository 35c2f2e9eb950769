import { createHash } from 'node:crypto';

/** The names of one cluster's chains; at most 28 characters, as iptables wants. */
export interface ChainNames {
  readonly services: string;
  readonly nodePorts: string;
  readonly postrouting: string;
  readonly markMasquerade: string;
  readonly forward: string;
  readonly reject: string;
  readonly unserved: string;
  readonly firewall: string;
  /** The chain of a Service port: `cluster` spreads over all endpoints, `local` over external ones, `external` is the way in from outside. */
  port(kind: 'cluster' | 'local' | 'external', id: string, protocol: string): string;
  endpoint(portChain: string, address: string): string;
}

const kinds = { cluster: 'SVC', local: 'SVL', external: 'EXT' } as const;

export function chainNames(prefix: string): ChainNames {
  if (!/^[A-Z0-9]{1,6}$/.test(prefix))
    throw new Error(`chain prefix "${prefix}": use up to 6 capital letters and digits`);
  return {
    services: `${prefix}-SERVICES`,
    nodePorts: `${prefix}-NODEPORTS`,
    postrouting: `${prefix}-POSTROUTING`,
    markMasquerade: `${prefix}-MARK-MASQ`,
    forward: `${prefix}-FORWARD`,
    reject: `${prefix}-REJECT`,
    unserved: `${prefix}-UNSERVED`,
    firewall: `${prefix}-FIREWALL`,
    port: (kind, id, protocol) => `${prefix}-${kinds[kind]}-${digest(`${id}/${protocol}`)}`,
    endpoint: (portChain, address) => `${prefix}-SEP-${digest(`${portChain}/${address}`)}`,
  };
}

function digest(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...createHash('sha256').update(text).digest().subarray(0, 16)].map((byte) => alphabet[byte % 32]).join('');
}
