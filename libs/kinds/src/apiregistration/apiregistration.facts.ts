import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const apiregistrationFacts = facts(
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
  `
APIService metadata=1+ spec=2+ status=3+
APIServiceCondition lastTransitionTime=3+ message=5 reason=4 status=2'ConditionStatus+
  type=1'APIServiceConditionType+
APIServiceSpec caBundle=5:byte group=2 groupPriorityMinimum=7+:int32 insecureSkipTLSVerify=4 service=1 version=3
  versionPriority=8+:int32
APIServiceStatus conditions=1@map(type)~merge(type)
ServiceReference name=2 namespace=1 port=3^:int32
`,
);
