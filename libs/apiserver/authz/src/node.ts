import { nodeNameOf } from '@kubernest/apiserver/authn';
import type { Authorizer, Decision, ObjectReader, RequestInfo } from '@kubernest/apiserver/engine';
import { nodeRules } from './defaults/node-rules.ts';
import { nodeGraph, type PodLike, type ReferredResource } from './node-graph.ts';
import { compileRules } from './rule-matching.ts';

const allow: Decision = { verdict: 'allow', reason: '' };
const refuse = (reason: string): Decision => ({ verdict: 'no-opinion', reason });

/** A kubelet may touch its own Node and Lease, and read what the pods bound to it refer to. Others: no opinion. */
export function nodeAuthorizer(read: ObjectReader): Authorizer {
  const graph = nodeGraph(read);
  const rules = compileRules(nodeRules);

  const referred = (resource: ReferredResource, verbs: readonly string[], node: string, info: RequestInfo) => {
    if (!verbs.includes(info.verb) || info.subresource !== '')
      return refuse(`can only ${verbs.join(', ')} resources of this type`);
    if (!info.name) return refuse('No Object name found');
    return graph.reaches(node, resource, `${info.namespace}/${info.name}`) ? allow : unrelated(node);
  };
  const ownToken = (node: string, info: RequestInfo) => {
    if (info.subresource !== 'token' || info.verb !== 'create') return byRules(info);
    return graph.reaches(node, 'serviceaccounts', `${info.namespace}/${info.name ?? ''}`) ? allow : unrelated(node);
  };
  const ownPod = (node: string, info: RequestInfo) => {
    if (info.verb !== 'get' || !info.name || info.subresource !== '') return byRules(info);
    const pod = read.get<PodLike>({ group: '', resource: 'pods' }, `${info.namespace}/${info.name}`);
    return pod?.spec?.nodeName === node ? allow : unrelated(node);
  };
  const byRules = (info: RequestInfo) => (rules.find(info) ? allow : refuse(''));

  const deciders: Readonly<Record<string, (node: string, info: RequestInfo) => Decision>> = {
    secrets: (node, info) => referred('secrets', ['get', 'list', 'watch'], node, info),
    configmaps: (node, info) => referred('configmaps', ['get', 'list', 'watch'], node, info),
    persistentvolumeclaims: (node, info) =>
      info.subresource ? byRules(info) : referred('persistentvolumeclaims', ['get'], node, info),
    serviceaccounts: ownToken,
    pods: ownPod,
    nodes: (node, info) => (info.verb === 'create' ? byRules(info) : ownNamed(node, info, byRules)),
    'leases.coordination.k8s.io': ownLease,
    'csinodes.storage.k8s.io': (node, info) =>
      ownNamed(node, info, (own) => (own.subresource ? refuse('cannot authorize CSINode subresources') : allow)),
  };
  return {
    name: 'Node',
    authorize({ user, info }) {
      const node = nodeNameOf(user);
      if (node === undefined) return refuse('');
      if (!info.isResource) return byRules(info);
      const decide = deciders[info.group === '' ? info.resource : `${info.resource}.${info.group}`];
      return decide ? decide(node, info) : byRules(info);
    },
  };
}

function ownNamed(node: string, info: RequestInfo, decide: (info: RequestInfo) => Decision): Decision {
  if (info.verb !== 'create' && info.name !== node)
    return refuse(`node '${node}' cannot read '${info.name ?? ''}', only its own ${info.resource} object`);
  return decide(info);
}

function ownLease(node: string, info: RequestInfo): Decision {
  if (info.namespace !== 'kube-node-lease')
    return refuse(`can only access leases in the "kube-node-lease" system namespace`);
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(info.verb))
    return refuse('can only get, create, update, patch, or delete a node lease');
  if (info.verb !== 'create' && info.name !== node)
    return refuse('can only access node lease with the same name as the requesting node');
  return allow;
}

function unrelated(node: string): Decision {
  return refuse(`no relationship found between node '${node}' and this object`);
}
