import type { PolicyRule } from '@kubernest/apiserver/contract';
import { read, rule } from './rules.ts';

/** What a kubelet may do at most; the Node authorizer narrows most of it to what is the node's own. */
export const nodeRules: readonly PolicyRule[] = [
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews localsubjectaccessreviews'),
  rule(read, '', 'services'),
  rule(`create ${read}`, '', 'nodes'),
  rule('patch update', '', 'nodes/status'),
  rule('patch update', '', 'nodes'),
  rule('create patch update', '', 'events'),
  rule(read, '', 'pods'),
  rule('create delete', '', 'pods'),
  rule('patch update', '', 'pods/status'),
  rule('create', '', 'pods/eviction'),
  rule('get list watch', '', 'secrets configmaps'),
  rule('get', '', 'persistentvolumeclaims persistentvolumes'),
  rule('get patch update', '', 'persistentvolumeclaims/status'),
  rule('get', '', 'endpoints'),
  rule(`create ${read}`, 'certificates.k8s.io', 'certificatesigningrequests'),
  rule('create get delete patch update', 'coordination.k8s.io', 'leases'),
  rule('get', 'storage.k8s.io', 'volumeattachments'),
  rule('create get delete patch update', 'storage.k8s.io', 'csinodes'),
  rule(read, 'storage.k8s.io', 'csidrivers'),
  rule(read, 'node.k8s.io', 'runtimeclasses'),
  rule('create', '', 'serviceaccounts/token'),
  rule('get', 'resource.k8s.io', 'resourceclaims'),
  rule('deletecollection', 'resource.k8s.io', 'resourceslices'),
  rule(`create delete patch update ${read}`, 'resource.k8s.io', 'resourceslices'),
  rule(read, 'certificates.k8s.io', 'clustertrustbundles'),
];
