import type { Service, ServiceSpec } from '@kubernest/api-types/core/v1';
import { type Ipv4Range, ipv4Of, ipv4RangeOf, type ServicePortRule } from '@kubernest/proxy/contract';

type Addresses = Pick<ServicePortRule, 'clusterIP' | 'externalIPs' | 'loadBalancerIPs' | 'loadBalancerSourceRanges'>;

/** Where it is reached, each address once. */
export function addressesOf({ spec = {}, status }: Service): Addresses {
  const ingress = status?.loadBalancer?.ingress ?? [];
  return {
    clusterIP: each([spec.clusterIP ?? '', ...(spec.clusterIPs ?? [])], ipv4Of)[0],
    externalIPs: each(spec.externalIPs, ipv4Of),
    loadBalancerIPs: each(
      ingress.flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : [])),
      ipv4Of,
    ),
    loadBalancerSourceRanges: each(spec.loadBalancerSourceRanges, ipv4RangeOf),
  };
}

const each = <T>(texts: readonly string[] = [], parse: (text: string) => T | undefined): T[] => [
  ...new Set(texts.map(parse).filter((value) => value !== undefined)),
];

export const protocolOf = (protocol = 'TCP'): ServicePortRule['protocol'] | undefined =>
  protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP' ? protocol : undefined;

const threeHoursInSeconds = 10_800;
const longestAffinitySeconds = 86_400;

/** Undefined when clients may go anywhere each time. */
export function affinitySecondsOf({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): number | undefined {
  if (sessionAffinity !== 'ClientIP') return undefined;
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? threeHoursInSeconds;
  return Number.isInteger(seconds) && seconds > 0 && seconds <= longestAffinitySeconds ? seconds : threeHoursInSeconds;
}

/** A range of the node's own configuration. */
export function knownRange(text: string | undefined): Ipv4Range | undefined {
  const range = ipv4RangeOf(text);
  if (text && !range) throw new Error(`the proxy's range ${text} must be IPv4, such as 10.244.0.0/16`);
  return range;
}
