import { isDeepStrictEqual } from 'node:util';
import { nodeNameOf } from '@kubernest/apiserver/authn';
import type { AdmissionCall, AdmissionPlugin, ObjectReader } from '@kubernest/apiserver/engine';
import { forbidden, type KubeObject } from '@kubernest/meta';
import { isMirrorPod } from '../pods.ts';
import { forbiddenLabels } from './node-labels.ts';

interface Bound extends KubeObject {
  readonly spec?: { readonly nodeName?: string; readonly taints?: unknown };
}

/** Narrows what a kubelet may write to its own Node and Lease and the pods bound to it. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'node-restriction',
  sees: {
    resources: ['nodes', 'pods', 'leases.coordination.k8s.io'],
    subresources: ['', 'status', 'eviction'],
    on: ['create', 'update', 'delete'],
  },
  validate(call, read) {
    const node = nodeNameOf(call.user);
    if (node === undefined) return;
    const why = rules[call.definition.plural]?.(call, node, read);
    if (why === undefined) return;
    const name = call.object?.metadata.name ?? call.info.name;
    throw forbidden({ group: call.definition.group, resource: call.definition.plural, ...(name ? { name } : {}) }, why);
  },
};

const rules: Readonly<Record<string, (call: AdmissionCall, node: string, read: ObjectReader) => string | undefined>> = {
  nodes(call, node) {
    const name = call.object?.metadata.name ?? call.info.name;
    if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`;
    if (call.operation === 'delete') return `node "${node}" is not allowed to delete itself`;
    const labels = forbiddenLabels(call.object?.metadata.labels, call.old?.metadata.labels);
    if (labels.length > 0) return `is not allowed to modify labels: ${labels.join(', ')}`;
    const old = call.old as Bound | undefined;
    if (call.operation !== 'update' || call.info.subresource !== '') return undefined;
    return isDeepStrictEqual(old?.spec?.taints ?? [], (call.object as Bound).spec?.taints ?? [])
      ? undefined
      : `node "${node}" is not allowed to modify taints`;
  },
  pods(call, node, read) {
    if (call.operation === 'create' && call.info.subresource === '') {
      const pod = call.object as Bound;
      if (!isMirrorPod(pod))
        return `pod does not have "kubernetes.io/config.mirror" annotation, node "${node}" can only create mirror pods`;
      return pod.spec?.nodeName === node
        ? undefined
        : `node "${node}" can only create pods with spec.nodeName set to itself`;
    }
    const old = (call.old ?? read.get({ group: '', resource: 'pods' }, `${call.info.namespace}/${call.info.name}`)) as
      | Bound
      | undefined;
    if (call.operation === 'update' && call.info.subresource !== 'status')
      return `node "${node}" can only update pod status`;
    if (old && old.spec?.nodeName !== node)
      return `node "${node}" can only ${call.operation} pods with spec.nodeName set to itself`;
    if (call.operation !== 'update') return undefined;
    return isDeepStrictEqual(old?.metadata.labels ?? {}, call.object?.metadata.labels ?? {})
      ? undefined
      : `node "${node}" cannot update labels through pod status`;
  },
  leases(call, node) {
    if (call.info.namespace !== 'kube-node-lease')
      return `can only access leases in the "kube-node-lease" system namespace`;
    const name = call.object?.metadata.name ?? call.info.name;
    return name === node ? undefined : 'can only access node lease with the same name as the requesting node';
  },
};
