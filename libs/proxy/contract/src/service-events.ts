import type { Milliseconds } from '@kubernest/kit';

/** The reason of a Warning about a Service: a node does not have one of its node ports, which another program or cluster has. */
export const nodePortUnavailable = 'NodePortUnavailable';
/** The reason of the Event that ends it. */
export const nodePortAvailable = 'NodePortAvailable';
/** The reason of a Warning about a Service: the kernel of a node would not take its rules, so that it has none there. */
export const rulesRefused = 'ServiceRulesRefused';
/** The reason of the Event that ends it. */
export const rulesTaken = 'ServiceRulesTaken';
/** The reason of a Warning about a Service: a node cannot answer load balancers that ask for its health. compat: kube-proxy's. */
export const healthCheckUnanswered = 'FailedToStartServiceHealthcheck';

/** Each Warning that comes again as long as it holds, and the Event that ends it. */
export const lastingWarnings: readonly { readonly warning: string; readonly end: string }[] = [
  { warning: nodePortUnavailable, end: nodePortAvailable },
  { warning: rulesRefused, end: rulesTaken },
];
/** How often it comes: an older one tells nothing. */
export const warnEvery: Milliseconds = 300_000;
