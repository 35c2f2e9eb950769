import type { NetworkNames } from './names.ts';

/** What this node's pods need of the packet filter, for one IP family. */
export interface RuleFacts {
  readonly names: NetworkNames;
  readonly podCidrs: readonly string[];
  /** All pods of the cluster: between them addresses stay as they are. */
  readonly clusterCidr?: string;
  /** What still has a Service's address when it is forwarded has no endpoint: not ours to accept. */
  readonly serviceCidr?: string;
}

export const isIPv6 = (cidr: string): boolean => cidr.includes(':');

/**
 * Input for `iptables-restore --noflush`: our own chains, emptied and filled in one step. Jumps into them are not here, as restore
 * cannot tell whether one is there already.
 */
export function chainRules({ names, podCidrs, clusterCidr, serviceCidr }: RuleFacts): string {
  const multicast = podCidrs.some(isIPv6) ? 'ff00::/8' : '224.0.0.0/4';
  const within = clusterCidr ? [clusterCidr] : podCidrs;
  const forward = podCidrs.flatMap((cidr) => [
    `-A ${names.forwardChain} -s ${cidr} -j ACCEPT`,
    `-A ${names.forwardChain} -d ${cidr} -j ACCEPT`,
  ]);
  const masquerade = podCidrs.flatMap((cidr) => [
    ...[...within, multicast].map((to) => `-A ${names.masqueradeChain} -s ${cidr} -d ${to} -j RETURN`),
    // What leaves over the bridge goes to a pod: a Service's rules have given it the pod's address by now.
    `-A ${names.masqueradeChain} -s ${cidr} ! -o ${names.bridge} -j MASQUERADE`,
  ]);
  return [
    '*filter',
    `:${names.forwardChain} - [0:0]`,
    ...(serviceCidr ? [`-A ${names.forwardChain} -d ${serviceCidr} -j RETURN`] : []),
    ...forward,
    'COMMIT',
    '*nat',
    `:${names.masqueradeChain} - [0:0]`,
    ...masquerade,
    'COMMIT',
    '',
  ].join('\n');
}

export interface Jump {
  readonly table: 'filter' | 'nat';
  readonly from: string;
  readonly to: string;
}

/** Where the kernel's own chains enter ours. */
export const jumps = (names: NetworkNames): readonly Jump[] => [
  { table: 'filter', from: 'FORWARD', to: names.forwardChain },
  { table: 'nat', from: 'POSTROUTING', to: names.masqueradeChain },
];

/** The chains that the portmap plugin shares among all networks, and where they are entered from. */
export const portmapChains = ['CNI-HOSTPORT-DNAT', 'CNI-HOSTPORT-SETMARK', 'CNI-HOSTPORT-MASQ'] as const;

/** Lines of `iptables -S` that bring a packet from one of the kernel's own chains into `chain`. */
export function jumpsInto(listing: string, chain: string): readonly (readonly string[])[] {
  return listing
    .split('\n')
    .filter((line) => /^-A (PREROUTING|OUTPUT|POSTROUTING|FORWARD|INPUT) /.test(line) && line.includes(` -j ${chain}`))
    .map((line) => ['-D', ...splitRule(line).slice(1)]);
}

/** A rule's words; a comment in quotes is one. */
export const splitRule = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"?|\S+/g)].map(([word, inQuotes]) => inQuotes?.replaceAll('\\"', '"') ?? word);

/** True when some pod's own hostPort chain is still entered. */
export const hasHostPorts = (listing: string): boolean =>
  listing.split('\n').some((line) => line.startsWith('-A CNI-HOSTPORT-DNAT ') && line.includes('-j CNI-DN-'));
