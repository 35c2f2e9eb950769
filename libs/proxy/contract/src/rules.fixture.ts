import type { ServicePortRule, ServiceRules } from './dataplane.ts';

/** A value of the rules as a test writes it: as plain text and numbers. */
type Plain<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends readonly (infer Each)[]
      ? readonly Plain<Each>[]
      : T extends object
        ? { readonly [Key in keyof T]: Plain<T[Key]> }
        : T;
export type PlainRule = Partial<Plain<ServicePortRule>>;

/** Of a Service with one endpoint. The test answers for its values. */
export const ruleOf = (over: PlainRule = {}): ServicePortRule =>
  ({
    id: 'default/web',
    protocol: 'TCP',
    clusterIP: '10.96.0.5',
    port: 80,
    nodePort: undefined,
    externalIPs: [],
    loadBalancerIPs: [],
    loadBalancerSourceRanges: [],
    affinitySeconds: undefined,
    clusterEndpoints: [{ ip: '10.244.0.2', port: 8080, local: true }],
    externalEndpoints: [{ ip: '10.244.0.2', port: 8080, local: true }],
    answeredElsewhere: false,
    externalPolicyLocal: false,
    ...over,
  }) as unknown as ServicePortRule;

export const rulesOf = (ports: readonly PlainRule[], over: Partial<Plain<ServiceRules>> = {}): ServiceRules =>
  ({
    ports: ports.map(ruleOf),
    nodeAddresses: [],
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    ...over,
  }) as ServiceRules;
