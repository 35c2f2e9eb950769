import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const policyFacts = facts(
  'io.k8s.api.policy.v1',
  `
Eviction deleteOptions=2 metadata=1+
`,
);
