import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const endpointsFacts = facts(
  'io.k8s.api.core.v1',
  `
EndpointAddress@atomic hostname=3 ip=1+ nodeName=4^ targetRef=2
EndpointPort@atomic appProtocol=4^ name=1 port=2+:int32 protocol=3'Protocol{SCTP|TCP|UDP}
EndpointSubset addresses=1 notReadyAddresses=2 ports=3
Endpoints metadata=1+ subsets=2
ObjectReference@atomic fieldPath=7 name=3 namespace=2 resourceVersion=6 uid=4'types.UID kind=1 apiVersion=5
`,
);
