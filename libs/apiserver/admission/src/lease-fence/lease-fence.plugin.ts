import type { Lease } from '@kubernest/api-types/coordination/v1';
import { type AdmissionPlugin, FENCE_NAMESPACE, fenceOf } from '@kubernest/apiserver/contract';

/** Writes what fenced writes are compared with, in the transaction that changes the leader. Renewing writes nothing more. */
export const leaseFence: AdmissionPlugin = {
  name: 'lease-fence',
  sees: { resources: ['leases.coordination.k8s.io'], on: ['create', 'update', 'delete'] },
  joins({ object, old, info }) {
    if (info.namespace !== FENCE_NAMESPACE) return undefined;
    const [now, before] = [fenceFrom(object as Lease | undefined), fenceFrom(old as Lease | undefined)];
    if (!now) {
      const stays = !before || (old?.metadata.finalizers?.length ?? 0) > 0;
      return stays ? undefined : { notes: [{ key: before.key }] };
    }
    if (now.token === before?.token) return undefined;
    return { notes: [{ key: now.key, text: now.token }] };
  },
};

const fenceFrom = (lease: Lease | undefined) =>
  lease && fenceOf(lease.metadata.name!, lease.metadata.uid!, lease.spec?.leaseTransitions ?? 0);
