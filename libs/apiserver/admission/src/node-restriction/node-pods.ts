import { isDeepStrictEqual } from 'node:util';
import type { Pod } from '@kubernest/api-types/core/v1';
import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { isMirrorPod } from '../pods.ts';
import { referredKind } from './api-references.ts';
import type { Asking, Fault } from './asking.ts';

/** A kubelet makes mirror pods of what it runs by itself, reports on the pods bound to it, and removes these. */
export async function podFault(call: AdmissionCall, asking: Asking): Promise<Fault> {
  const { node, read } = asking;
  const { operation, info } = call;
  if (!['', 'status', 'eviction'].includes(info.subresource))
    return `unexpected pod subresource ${JSON.stringify(info.subresource)}, only 'status' and 'eviction' are allowed`;
  if (operation === 'create' && info.subresource === '') return mirrorFault(call.object as Pod, asking);
  const key = `${info.namespace}/${info.name}`;
  const old = (call.old ?? read.get({ group: '', resource: 'pods' }, key)) as Pod | undefined;
  if (operation === 'update' && info.subresource !== 'status')
    return `unexpected operation "UPDATE", node "${node}" can only create and delete mirror pods`;
  if (old && old.spec?.nodeName !== node) {
    // compat: of this one sentence the node is not quoted.
    if (operation === 'create') return `node ${node} can only evict pods with spec.nodeName set to itself`;
    const what = operation === 'update' ? 'update pod status for' : operation;
    return `node "${node}" can only ${what} pods with spec.nodeName set to itself`;
  }
  if (operation !== 'update') return undefined;
  const now = call.object as Pod;
  if (!isDeepStrictEqual(old?.metadata.labels ?? {}, now.metadata.labels ?? {}))
    return `node "${node}" cannot update labels through pod status`;
  if (!isDeepStrictEqual(old?.status?.resourceClaimStatuses ?? [], now.status?.resourceClaimStatuses ?? []))
    // compat: as Kubernetes spells it.
    return `node "${node}" cannot update resource claim statues`;
  if (!isDeepStrictEqual(old?.status?.extendedResourceClaimStatus, now.status?.extendedResourceClaimStatus))
    return `node "${node}" cannot update extended resource claim status`;
  return undefined;
}

async function mirrorFault(pod: Pod, { node, read, ctx }: Asking): Promise<Fault> {
  if (!isMirrorPod(pod))
    return `pod does not have "kubernetes.io/config.mirror" annotation, node "${node}" can only create mirror pods`;
  if (pod.spec?.nodeName !== node) return `node "${node}" can only create pods with spec.nodeName set to itself`;
  const [owner, ...more] = pod.metadata.ownerReferences ?? [];
  if (more.length > 0) return `node "${node}" can only create pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `node "${node}" can only create pods with an owner reference set to itself`;
  if (owner.controller !== true)
    return `node "${node}" can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion) return `node "${node}" must not set blockOwnerDeletion on an owner reference`;
  const { uid } = (await read.fetch({ group: '', resource: 'nodes' }, node, ctx))?.metadata ?? {};
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid ?? ''}`;
  const kind = referredKind(pod);
  return kind === undefined ? undefined : `node "${node}" can not create pods that reference ${kind}`;
}
