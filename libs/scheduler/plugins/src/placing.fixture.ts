import type { NodeSpec, PodSpec } from '@kubernest/api-types/core/v1';
import { atOnce } from '@kubernest/meta';
import {
  type ClusterView,
  decide,
  type NodeObject,
  NodeState,
  type PodObject,
  type SchedulerPlugin,
} from '@kubernest/scheduler/engine';
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

export const pod = (spec: Partial<PodSpec>, uid = 'p1'): PodObject =>
  ({ metadata: { name: uid, uid }, spec: { containers: [], ...spec } }) as unknown as PodObject;

export const asking = (requests: Record<string, string>, uid?: string): PodObject =>
  pod({ containers: [{ name: 'c', resources: { requests } }] }, uid);

export function node(
  options: {
    readonly name?: string;
    readonly spec?: NodeSpec;
    readonly labels?: Record<string, string>;
    readonly allocatable?: Record<string, string>;
    readonly pods?: readonly PodObject[];
  } = {},
): NodeState {
  const state = new NodeState({
    metadata: { name: options.name ?? 'n1', labels: options.labels },
    spec: options.spec ?? {},
    status: { allocatable: options.allocatable ?? { cpu: '2', memory: '4Gi', pods: '3' } },
  } as unknown as NodeObject);
  for (const pod of options.pods ?? []) state.add(pod);
  return state;
}

/** A node `n` of zone `z` as `n@z`, or without a zone as `n`; with these pods. */
export function nodeAt(place: string, ...pods: PodObject[]): NodeState {
  const [name = '', zone] = place.split('@');
  const labels = { 'kubernetes.io/hostname': name, ...(zone ? { zone } : {}) };
  return node({ name, labels, allocatable: { cpu: '8', memory: '8Gi', pods: '110' }, pods });
}

export const clusterOf = (
  nodes: readonly NodeState[],
  namespaces: Readonly<Record<string, Record<string, string>>> = {},
): ClusterView => ({ nodes, namespaceLabels: (name) => namespaces[name] });

/** The node that the pod gets, or the reasons why it gets none. */
export function placed(pod: PodObject, cluster: ClusterView): string | readonly string[] {
  const decision = atOnce(decide(pod, cluster, builtinPlugins, 0));
  return decision.fits ? decision.node.name : [...new Set(decision.misfits.map(({ misfit }) => misfit.reason))];
}

/** Why this plugin keeps the pod off the node. */
export function reasons<S>(plugin: SchedulerPlugin<S>, pod: PodObject, on: NodeState): string[] {
  const cluster = clusterOf([on]);
  const state = plugin.survey ? atOnce(plugin.survey(pod, cluster)) : plugin.prepare?.(pod, cluster);
  if ((plugin.survey || plugin.prepare) && state === undefined) return [];
  return (plugin.filter?.(pod, on, state as S) ?? []).map(({ reason }) => reason);
}
