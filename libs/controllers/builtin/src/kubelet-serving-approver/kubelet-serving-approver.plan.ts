import type { CertificateRequestFacts, CertificateSigningRequest, Node } from '@kubernest/kinds';
import { servingFault } from '../shared/kubelet-certificates.ts';

export interface Surroundings {
  readonly nodes: readonly Node[];
  /** Where API servers are reached: theirs and that of their Service. */
  readonly apiAddresses: readonly string[];
  /** Nodes of the machine on which the API server itself runs, whose address is theirs too. */
  readonly ownNodes: readonly string[];
}

/**
 * Pure: why nobody but people may approve a kubelet's serving certificate; undefined when it is plain. A Node's addresses are its kubelet's
 * own word: what would let it pass for another node or for the API server is not plain.
 */
export function approvalFault(
  { spec }: CertificateSigningRequest,
  asked: CertificateRequestFacts,
  { nodes, apiAddresses, ownNodes }: Surroundings,
): string | undefined {
  const fault = servingFault(asked, spec.usages ?? []);
  if (fault !== undefined) return fault;
  const { commonName, dnsNames, ipAddresses } = asked;
  if (spec.username !== commonName || !spec.groups?.includes('system:nodes'))
    return `${spec.username} is not ${commonName}`;
  const name = commonName.slice('system:node:'.length);
  const node = nodes.find(({ metadata }) => metadata.name === name);
  if (!node) return `there is no node ${name}`;
  const otherName = dnsNames.find((each) => each !== name);
  if (otherName !== undefined) return `${otherName} is not the name of the node`;
  for (const address of ipAddresses) {
    if (!addressesOf(node).includes(address)) return `${address} is no address of the node`;
    const other = nodes.find((each) => each !== node && addressesOf(each).includes(address));
    if (other) return `${address} is an address of node ${other.metadata.name} too`;
    if (apiAddresses.includes(address) && !ownNodes.includes(name)) return `${address} is an address of the API server`;
  }
  return undefined;
}

const addressesOf = ({ status }: Node): readonly string[] =>
  (status?.addresses ?? []).filter(({ type }) => type.endsWith('IP')).map(({ address }) => address);
