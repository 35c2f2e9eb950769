import type { KubeObject } from '@kubernest/meta';
import type { Node, Pod } from 'kubernetes-types/core/v1.js';

/** One node as the scheduler sees it: kept up to date incrementally, never rebuilt per pod. */
export interface NodeView {
  readonly node: Node & KubeObject;
  /** Pods bound or assumed here, not finished. */
  readonly pods: ReadonlyMap<string, Pod & KubeObject>;
  /** Sums over `pods`: milli-CPU, bytes, counts by resource name. */
  readonly requested: ReadonlyMap<string, number>;
  readonly allocatable: ReadonlyMap<string, number>;
  /** `protocol/ip/port` of host ports in use. */
  readonly hostPorts: ReadonlySet<string>;
}

/** Why a pod does not fit on a node; a value that is kept and shown to people, not an error. */
export interface Misfit {
  /** As kubectl shows it: `Insufficient cpu`, `node(s) had untolerated taint {key: value}`. */
  readonly reason: string;
  /** Removing pods from the node cannot help. */
  readonly unresolvable: boolean;
}

/**
 * Any of the steps. All but `bind` are pure and quick: they run for every pod and node. `State` is what `prepare` computed once per
 * pod and is handed to the other steps.
 */
export interface SchedulerPlugin<State = unknown> {
  readonly name: string;
  /** Keeps a pod out of the queue until it returns undefined (scheduling gates). The string is the pod's message. */
  gate?(pod: Pod & KubeObject): string | undefined;
  /** Once per pod. */
  prepare?(pod: Pod & KubeObject, nodes: readonly NodeView[]): State;
  filter?(pod: Pod & KubeObject, node: NodeView, state: State): Misfit | undefined;
  /** 0…100, larger is better; multiplied by the plugin's weight. */
  score?(pod: Pod & KubeObject, node: NodeView, state: State): number;
  readonly weight?: number;
  /** Takes something for the pod on the node before binding; returns its undo. */
  reserve?(pod: Pod & KubeObject, node: NodeView): () => void;
  /** Which changes may make a pod schedulable that this plugin turned away. Absent: none but the pod's own. */
  readonly unblockedBy?: readonly ('node-added' | 'node-changed' | 'pod-deleted' | 'pod-bound')[];
}
