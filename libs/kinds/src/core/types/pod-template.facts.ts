import { facts } from '../../schema/facts.ts';

/** Wire facts, one line a type; the form is told in `schema/facts.ts`. */
export const podTemplateFacts = facts(
  'io.k8s.api.core.v1',
  `
PodTemplateSpec metadata=1+ spec=2+
`,
);
