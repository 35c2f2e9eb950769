import type { ServiceSpec } from '@kubernest/api-types/core/v1';
import { draftOf, ensurePart, type Part, partAt, partsAt } from '@kubernest/definitions';
import { deepEqual, type KubeObject } from '@kubernest/meta';
import type { Service } from '../../types.ts';
import { isReachedFromOutside, needsHealthCheck } from './service.validation.ts';

const needsAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
const isBalancer = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer';

/** What goes with a type is let go with it, unless the writer changed that as well: then validation has a word on it. */
const belongings: readonly { readonly fields: readonly (keyof ServiceSpec)[]; needs(spec: ServiceSpec): boolean }[] = [
  { fields: ['clusterIPs', 'clusterIP'], needs: needsAddress },
  { fields: ['ipFamilies'], needs: needsAddress },
  { fields: ['ipFamilyPolicy'], needs: needsAddress },
  { fields: ['healthCheckNodePort'], needs: needsHealthCheck },
  { fields: ['allocateLoadBalancerNodePorts'], needs: isBalancer },
  { fields: ['loadBalancerClass'], needs: isBalancer },
  { fields: ['externalTrafficPolicy'], needs: isReachedFromOutside },
];

export function prepareServiceUpdate(draft: KubeObject, { spec: old = {} }: Service): void {
  const part = partAt(draftOf(draft), 'spec');
  if (!part) return;
  followTheOneAddress(part, old);
  dropWhatTheTypeLeaves(part, old);
  // compat: its load balancer may live on for a while; nobody is sent there any more.
  if (!isBalancer(part)) ensurePart(draftOf(draft), 'status').loadBalancer = {};
}

/** compat: a client that knows only the one address means the list as well. */
function followTheOneAddress(part: Part, { clusterIP: one, clusterIPs: list }: ServiceSpec): void {
  const now = part.clusterIPs as readonly string[] | undefined;
  if (part.clusterIP === one) part.clusterIPs = now?.length ? now : list;
  else if (deepEqual(now, list)) part.clusterIPs = part.clusterIP ? [part.clusterIP] : undefined;
  if (part.clusterIPs === undefined) delete part.clusterIPs;
}

function dropWhatTheTypeLeaves(part: Part, old: ServiceSpec): void {
  // What another type means is decided before anything is dropped.
  const spec: ServiceSpec = { ...part };
  for (const { fields, needs } of belongings) {
    if (!needs(old) || needs(spec) || !fields.every((field) => deepEqual(spec[field], old[field]))) continue;
    for (const field of fields) delete part[field];
  }
  if (!needsNodePorts(old) || needsNodePorts(spec) || !sameNodePorts(spec, old)) return;
  for (const port of partsAt(part, 'ports')) delete port.nodePort;
}

const sameNodePorts = ({ ports: now = [] }: ServiceSpec, { ports: before = [] }: ServiceSpec): boolean => {
  const held = new Set(before.map(({ nodePort }) => nodePort));
  return now.every(({ nodePort }) => !nodePort || held.has(nodePort));
};
