import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const autoscalingFacts = facts(
  'io.k8s.api.autoscaling.v1',
  `
Scale metadata=1+ spec=2+ status=3+
ScaleSpec replicas=1:int32
ScaleStatus replicas=1+:int32 selector=2
`,
);
