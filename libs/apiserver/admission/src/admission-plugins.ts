import type { AdmissionPlugin, Security, StoredObjects } from '@kubernest/apiserver/contract';
import { certificateApproval } from './certificate-approval/certificate-approval.plugin.ts';
import { certificateSigning } from './certificate-signing/certificate-signing.plugin.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction/certificate-subject-restriction.plugin.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds/default-toleration-seconds.plugin.ts';
import { leaseFence } from './lease-fence/lease-fence.plugin.ts';
import { namespaceLifecycle } from './namespace-lifecycle/namespace-lifecycle.plugin.ts';
import { nodeRestriction } from './node-restriction/node-restriction.plugin.ts';
import { priority } from './priority/priority.plugin.ts';
import { roleEscalation } from './role-escalation/role-escalation.plugin.ts';
import { runtimeClass } from './runtime-class/runtime-class.plugin.ts';
import { serviceAccount } from './service-account/service-account.plugin.ts';
import { type AllocationRanges, serviceAllocation } from './service-allocation/service-allocation.plugin.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition/taint-nodes-by-condition.plugin.ts';

/** In the order they are asked. Allocation joins last of those that change the object; what it takes is stored with the object, or not at all. */
export function admissionPlugins(
  ranges: AllocationRanges,
): (core: StoredObjects & Security) => readonly AdmissionPlugin[] {
  return (core) => [
    namespaceLifecycle(),
    serviceAccount,
    defaultTolerationSeconds,
    taintNodesByCondition,
    nodeRestriction(core),
    priority,
    runtimeClass,
    roleEscalation(core),
    certificateApproval(core),
    certificateSigning(core),
    certificateSubjectRestriction,
    serviceAllocation(ranges, core),
    leaseFence,
  ];
}
