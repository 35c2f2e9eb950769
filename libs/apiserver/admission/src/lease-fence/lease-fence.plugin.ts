import type { AdmissionPlugin } from '@kubernest/apiserver/engine';
import { fenceKey } from '@kubernest/apiserver/engine';
import type { KubeObject } from '@kubernest/meta';

interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string; readonly leaseTransitions?: number };
}

/** Writes the number that fenced writes are compared with, in the transaction that changes the leader. */
export const leaseFence: AdmissionPlugin = {
  name: 'lease-fence',
  sees: { resources: ['leases.coordination.k8s.io'], on: ['create', 'update', 'delete'] },
  joins({ object, old, info, operation, dryRun }) {
    const name = object?.metadata.name ?? info.name;
    if (info.namespace !== 'kube-system' || !name || dryRun) return undefined;
    const key = fenceKey(info.namespace, name);
    if (operation === 'delete') return { conditions: [], writes: [{ op: 'delete', key }] };
    const [now, before] = [(object as Lease).spec, (old as Lease | undefined)?.spec];
    const same =
      before && now?.holderIdentity === before.holderIdentity && now?.leaseTransitions === before.leaseTransitions;
    if (same) return undefined;
    return { conditions: [], writes: [{ op: 'put', key, value: Buffer.from(String(now?.leaseTransitions ?? 0)) }] };
  },
};
