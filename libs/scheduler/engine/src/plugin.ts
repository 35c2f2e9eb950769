import type { Node, Pod } from '@kubernest/api-types/core/v1';
import type { KubeObject, Labels, Steps } from '@kubernest/meta';

export type PodObject = Pod & KubeObject;
export type NodeObject = Node & KubeObject;

/** One node as the scheduler sees it: kept up to date incrementally, never rebuilt per pod. */
export interface NodeView {
  readonly name: string;
  readonly node: NodeObject;
  /** Pods bound or assumed here, not finished, by uid. */
  readonly pods: ReadonlyMap<string, PodObject>;
  /** Sums over `pods`: `cpu` in thousandths of a core, everything else in whole units (bytes, counts). */
  readonly requested: ReadonlyMap<string, number>;
  /** As `requested`, but a container that asks for nothing counts as 100 thousandths of a core and 200 MiB: for spreading. */
  readonly requestedOrDefault: ReadonlyMap<string, number>;
  readonly allocatable: Pick<ReadonlyMap<string, number>, 'get'>;
  /** Those of `pods` that say which pods they want near or far. */
  readonly podsWithAffinity: ReadonlyMap<string, PodObject>;
  /** Host ports in use: `protocol/port` → addresses (`0.0.0.0` is all) → how many hold it. */
  readonly hostPorts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** What is asked about the cluster as a whole. */
export interface ClusterView {
  readonly nodes: readonly NodeView[];
  /** Undefined: there is no such namespace (yet). */
  namespaceLabels(name: string): Labels | undefined;
}

/** Why a pod does not fit on a node; a value that is kept and shown to people, not an error. */
export interface Misfit {
  /** As kubectl shows it: `Insufficient cpu`, `node(s) had untolerated taint(s)`. */
  readonly reason: string;
  /** Removing pods from the node cannot help. */
  readonly unresolvable: boolean;
}

/** What happened in the cluster that may make a waiting pod fit. */
export type ClusterChange = 'node-added' | 'node-changed' | 'pod-added' | 'pod-deleted' | 'pod-changed';

/**
 * Any of the steps. All are pure and quick: they run for every pod and node, and others get the event loop only between them. What a pod
 * or a node lists is gone through once and not once for each entry of another list: people make lists as long as an object holds. `State` is what `prepare` computed once per pod and is
 * handed to the other steps.
 */
export interface SchedulerPlugin<State = unknown> {
  readonly name: string;
  /** Keeps a pod out of the queue until it returns undefined (scheduling gates). */
  gate?(pod: PodObject): { readonly reason: string; readonly message: string } | undefined;
  /** Once per pod. Undefined: the plugin has nothing to say about this pod, and is not asked about any node. */
  prepare?(pod: PodObject, cluster: ClusterView): State | undefined;
  /** `prepare` in steps, for what looks at other pods or at what may be as wide as an object: the cluster may change between two of them. Instead of `prepare`. */
  survey?(pod: PodObject, cluster: ClusterView): Steps<State | undefined>;
  /** Reasons why the pod does not fit, as many as people would read, or undefined when it does. */
  filter?(pod: PodObject, node: NodeView, state: State): readonly Misfit[] | undefined;
  /** 0…100, larger is better; multiplied by `weight`. Without `this`. */
  score?(pod: PodObject, node: NodeView, state: State): number;
  /** Brings scores of another kind to 0…100, in place, among the nodes that fit. */
  readonly normalize?: (scores: Float64Array) => void;
  /** 1 unless given. */
  readonly weight?: number;
  /** Takes something for the pod on the node before binding; returns its undo. */
  reserve?(pod: PodObject, node: NodeView): () => void;
  /** Which changes may make a pod fit that this plugin turned away. */
  readonly unblockedBy: readonly ClusterChange[];
}
