import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const coreFacts = facts(
  'io.k8s.api.core.v1',
  `
Binding metadata=1+ target=2+
ConfigMap binaryData=3:byte data=2 immutable=4^ metadata=1+
Namespace metadata=1+ spec=2+ status=3+
NamespaceCondition lastTransitionTime=4+ message=6 reason=5 status=2'ConditionStatus+ type=1'NamespaceConditionType+
NamespaceSpec finalizers=1'FinalizerName
NamespaceStatus conditions=2@map(type)~merge(type) phase=1'NamespacePhase{Active|Terminating}
Secret data=2:byte immutable=5^ metadata=1+ stringData=4 type=3'SecretType
ServiceAccount automountServiceAccountToken=4^ imagePullSecrets=3 metadata=1+ secrets=2@map(name)~merge(name)
`,
);
