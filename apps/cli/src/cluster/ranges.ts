import { ipv4Range, ipv4Text } from '@kubernest/meta';
import type { ClusterFacts } from './cluster-dir.ts';

/** The addresses and names of one cluster. */
export interface Ranges {
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly dnsAddress: string;
  readonly bridge: string;
  readonly chainPrefix: string;
}

export const maxIndex = 50;

/** All follow from the cluster's index, so that clusters side by side never meet, unless others were asked for. */
export function rangesOf(facts: Pick<ClusterFacts, 'index' | 'podCidr' | 'serviceCidr'>): Ranges {
  const { index } = facts;
  if (!Number.isInteger(index) || index < 0 || index > maxIndex)
    throw new Error(`cluster index ${index} is outside 0…${maxIndex}`);
  const own = ownRanges(index);
  const serviceCidr = facts.serviceCidr ?? own.serviceCidr;
  return {
    podCidr: facts.podCidr ?? own.podCidr,
    serviceCidr,
    dnsAddress: addressIn(serviceCidr, 10),
    bridge: `kn-br${index}`,
    chainPrefix: index === 0 ? 'KN' : `KN${index}`,
  };
}

/** Index 0 has Kubernetes' customary ranges; the others share out 10.101.0.0 … 10.200.0.0. */
function ownRanges(index: number): { readonly podCidr: string; readonly serviceCidr: string } {
  const pods = index === 0 ? 244 : 100 + index;
  const services = index === 0 ? 96 : 150 + index;
  return { podCidr: `10.${pods}.0.0/16`, serviceCidr: `10.${services}.0.0/16` };
}

/** The n-th address of a range: 1 of the pods' is the first node's bridge, 10 of the Services' is the cluster's DNS. */
export const addressIn = (cidr: string, n: number): string => ipv4Text(ipv4Range(cidr).first + n);

export function overlap(one: string, other: string): boolean {
  const [a, b] = [ipv4Range(one), ipv4Range(other)];
  return a.first < b.first + b.size && b.first < a.first + a.size;
}
