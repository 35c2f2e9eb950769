import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const coordinationFacts = facts(
  'io.k8s.api.coordination.v1',
  `
Lease metadata=1+ spec=2+
LeaseSpec acquireTime=3 holderIdentity=1^ leaseDurationSeconds=2^:int32 leaseTransitions=5^:int32 preferredHolder=7^
  renewTime=4 strategy=6'CoordinatedLeaseStrategy^
`,
);
