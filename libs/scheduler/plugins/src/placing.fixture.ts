import { type ClusterView, decide, type NodeObject, NodeState, type PodObject } from '@kubernest/scheduler/engine';
import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { builtinPlugins } from './builtin.ts';

let made = 0;

/** A small pod with these labels. */
export function labelled(
  labels: Record<string, string>,
  spec: Partial<PodSpec> = {},
  namespace = 'default',
): PodObject {
  const uid = `pod-${++made}`;
  const containers = [{ name: 'c', resources: { requests: { cpu: '1m' } } }];
  return { metadata: { name: uid, uid, namespace, labels }, spec: { containers, ...spec } } as unknown as PodObject;
}

/** A node `n` of zone `z` as `n@z`, or without a zone as `n`; with these pods. */
export function nodeAt(place: string, ...pods: PodObject[]): NodeState {
  const [name = '', zone] = place.split('@');
  const labels = { 'kubernetes.io/hostname': name, ...(zone ? { zone } : {}) };
  const status = { allocatable: { cpu: '8', memory: '8Gi', pods: '110' } };
  const node = new NodeState({ metadata: { name, labels }, spec: {}, status } as unknown as NodeObject);
  for (const pod of pods) node.add(pod);
  return node;
}

export const clusterOf = (
  nodes: readonly NodeState[],
  namespaces: Readonly<Record<string, Record<string, string>>> = {},
): ClusterView => ({ nodes, namespaceLabels: (name) => namespaces[name] });

/** The node that the pod gets, or the reasons why it gets none. */
export function placed(pod: PodObject, cluster: ClusterView): string | readonly string[] {
  const decision = decide(pod, cluster, builtinPlugins, 0);
  return decision.fits ? decision.node.name : [...new Set(decision.misfits.map(({ misfit }) => misfit.reason))];
}
