import { facts } from '../schema/facts.ts';

/** Wire facts, one line a type; the form is told in `schema/facts.ts`. */
export const policyFacts = facts(
  'io.k8s.api.policy.v1',
  `
Eviction deleteOptions=2 metadata=1+
`,
);
