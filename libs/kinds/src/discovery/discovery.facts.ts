import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const discoveryFacts = facts(
  'io.k8s.api.discovery.v1',
  `
Endpoint addresses=1+@set conditions=2+ deprecatedTopology=5 hints=8 hostname=3^ nodeName=6^ targetRef=4 zone=7^
EndpointConditions ready=1^ serving=2^ terminating=3^
EndpointHints forNodes=2 forZones=1
EndpointPort@atomic appProtocol=4^ name=1^ port=3^:int32 protocol=2'Protocol^{SCTP|TCP|UDP}
EndpointSlice addressType=4'AddressType+ endpoints=2+ metadata=1+ ports=3+
ForNode name=1+
ForZone name=1+
`,
);
