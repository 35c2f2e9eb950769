import type { Pod } from '@kubernest/api-types/core/v1';
import { isNode, nodeNameOf } from '@kubernest/apiserver/authn';
import type { Authorizer, Decision, ObjectReader, RequestInfo } from '@kubernest/apiserver/contract';
import { pinnedValue } from '@kubernest/meta';
import { nodeRules } from './defaults/node-rules.ts';
import { type NodeGraph, nodeGraph, type ReferredResource } from './node-graph.ts';
import { compileRules } from './rule-matching.ts';

const allow: Decision = { verdict: 'allow', reason: '' };
const refuse = (reason: string): Decision => ({ verdict: 'no-opinion', reason });
const rules = compileRules(nodeRules);
const byRules = (info: RequestInfo): Decision => (rules.find(info) ? allow : refuse(''));

/** A kubelet may touch its own Node, Lease and pods, and read what these pods refer to. Others: no opinion. */
export function nodeAuthorizer(read: ObjectReader): Authorizer {
  const deciders = decidersOf(nodeGraph(read), read);
  return {
    name: 'Node',
    authorize({ user, info }) {
      if (!isNode(user)) return refuse('');
      const node = nodeNameOf(user);
      if (node === undefined) return refuse(`unknown node for user "${user.username}"`);
      if (!info.isResource) return byRules(info);
      const decide = deciders.get(info.group === '' ? info.resource : `${info.resource}.${info.group}`);
      return decide ? decide(node, info) : byRules(info);
    },
  };
}

type Decide = (node: string, info: RequestInfo) => Decision;

function decidersOf(graph: NodeGraph, read: ObjectReader): ReadonlyMap<string, Decide> {
  const related = (resource: ReferredResource, node: string, info: RequestInfo): Decision => {
    if (!info.name) return refuse('No Object name found');
    return graph.reaches(node, resource, `${info.namespace}/${info.name}`) ? allow : unrelated(node);
  };
  const readable = (resource: ReferredResource): Decide => {
    return (node, info) => {
      if (!['get', 'list', 'watch'].includes(info.verb)) return refuse('can only read resources of this type');
      if (info.subresource !== '') return refuse('cannot read subresource');
      if (!info.namespace) return refuse('can only read namespaced object of this type');
      return related(resource, node, info);
    };
  };
  const byResource: Readonly<Record<string, Decide>> = {
    secrets: readable('secrets'),
    configmaps: readable('configmaps'),
    persistentvolumeclaims(node, info) {
      const updatesStatus = info.subresource === 'status' && ['update', 'patch'].includes(info.verb);
      if (!updatesStatus && info.verb !== 'get') return refuse('can only get individual resources of this type');
      if (!updatesStatus && info.subresource !== '') return refuse('cannot get subresource');
      return related('persistentvolumeclaims', node, info);
    },
    // Known by what pods refer to, and no pod refers to them here yet: closed until the graph follows them.
    persistentvolumes: unrelated,
    'volumeattachments.storage.k8s.io': unrelated,
    'resourceclaims.resource.k8s.io': unrelated,
    serviceaccounts(node, info) {
      if (info.verb !== 'create' || !info.name) return refuse('can only create tokens for individual service accounts');
      if (info.subresource !== 'token') return refuse('can only create token subresource of serviceaccount');
      return related('serviceaccounts', node, info);
    },
    pods: ownPods(read),
    nodes: ownNode,
    'leases.coordination.k8s.io': ownLease,
    'csinodes.storage.k8s.io': ownCsiNode,
    'resourceslices.resource.k8s.io': ownSlices,
  };
  return new Map(Object.entries(byResource));
}

/** A kubelet sees the pods bound to it and no others: by name, or by a list that asks for no more. What it may write, admission narrows. */
function ownPods(read: ObjectReader): Decide {
  const isOwn = (node: string, { namespace, name }: RequestInfo): boolean =>
    read.get<Pod>({ group: '', resource: 'pods' }, `${namespace}/${name}`)?.spec?.nodeName === node;
  return (node, info) => {
    const { verb, subresource } = info;
    if (subresource !== '' || verb === 'create' || verb === 'delete') return byRules(info);
    if (verb === 'get') return isOwn(node, info) ? allow : unrelated(node);
    if (verb !== 'list' && verb !== 'watch') return refuse('');
    if (pinnedValue(info.fieldSelector ?? [], 'spec.nodeName') === node) return allow;
    if (info.name) return isOwn(node, info) ? allow : unrelated(node);
    return refuse('can only list/watch pods with spec.nodeName field selector');
  };
}

/** Names are compared with the identity, not looked up: a kubelet asks for its Node before there is one. What it may write, admission narrows. */
function ownNode(node: string, info: RequestInfo): Decision {
  if (info.subresource !== '' || !['get', 'list', 'watch'].includes(info.verb) || info.name === node)
    return byRules(info);
  const what = info.name ? `'${info.name}'` : 'all nodes';
  return refuse(`node '${node}' cannot read ${what}, only its own Node object`);
}

function ownLease(node: string, info: RequestInfo): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(info.verb))
    return refuse('can only get, create, update, patch, or delete a node lease');
  if (info.namespace !== 'kube-node-lease')
    return refuse(`can only access leases in the "kube-node-lease" system namespace`);
  if (info.verb !== 'create' && info.name !== node)
    return refuse('can only access node lease with the same name as the requesting node');
  return allow;
}

function ownCsiNode(node: string, info: RequestInfo): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(info.verb))
    return refuse('can only get, create, update, patch, or delete a CSINode');
  if (info.subresource !== '') return refuse('cannot authorize CSINode subresources');
  if (info.verb !== 'create' && info.name !== node)
    return refuse('can only access CSINode with the same name as the requesting node');
  return allow;
}

function ownSlices(node: string, info: RequestInfo): Decision {
  if (info.subresource !== '') return refuse('cannot authorize ResourceSlice subresources');
  if (info.verb === 'create') return allow;
  if (!['watch', 'list', 'deletecollection'].includes(info.verb)) return unrelated(node);
  if (pinnedValue(info.fieldSelector ?? [], 'nodeName') === node) return allow;
  return refuse('can only list/watch/deletecollection resourceslices with nodeName field selector');
}

function unrelated(node: string): Decision {
  return refuse(`no relationship found between node '${node}' and this object`);
}
