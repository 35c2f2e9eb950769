/** The reason of a Warning about a Service: the kernel of a node would not take its rules, so that it has none there. */
export const rulesRefused = 'ServiceRulesRefused';
/** The reason of the Event that ends it. */
export const rulesTaken = 'ServiceRulesTaken';
/** The reason of a Warning about a Service: a node cannot answer load balancers that ask for its health. compat: kube-proxy's. */
export const healthCheckUnanswered = 'FailedToStartServiceHealthcheck';
