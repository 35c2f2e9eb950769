import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const podTemplateFacts = facts(
  'io.k8s.api.core.v1',
  `
PodTemplateSpec metadata=1+ spec=2+
`,
);
