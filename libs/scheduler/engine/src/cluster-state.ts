import { NodeState } from './node-state.ts';
import type { NodeObject, NodeView, PodObject } from './plugin.ts';

export const isFinished = (pod: PodObject): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Nodes and what runs on them, told of every change. A pod is assumed on its node from the decision on, until the cache confirms it or its binding fails. */
export class ClusterState {
  readonly #nodes = new Map<string, NodeState>();
  /** uid → node of every pod that counts, assumed ones included. */
  readonly #places = new Map<string, string>();
  readonly #assumed = new Set<string>();
  /** Pods whose node is not known yet: the node's object may come later than its pods. */
  readonly #strays = new Map<string, Map<string, PodObject>>();
  #list: readonly NodeState[] | undefined;

  nodes(): readonly NodeState[] {
    this.#list ??= [...this.#nodes.values()];
    return this.#list;
  }

  /** Still one of the nodes: one that came again under its name is another. */
  isThere(node: NodeView): boolean {
    return this.#nodes.get(node.name) === node;
  }

  setNode(node: NodeObject): void {
    const name = node.metadata.name ?? '';
    const present = this.#nodes.get(name);
    if (present) return present.update(node);
    const state = new NodeState(node);
    this.#nodes.set(name, state);
    this.#list = undefined;
    for (const pod of this.#strays.get(name)?.values() ?? []) state.add(pod);
    this.#strays.delete(name);
  }

  removeNode(name: string): void {
    const state = this.#nodes.get(name);
    if (!state) return;
    this.#nodes.delete(name);
    this.#list = undefined;
    if (state.pods.size > 0) this.#strays.set(name, new Map(state.pods));
  }

  /** A pod as the cache has it: bound to a node or not. */
  setPod(pod: PodObject): void {
    const uid = pod.metadata.uid ?? '';
    const nodeName = pod.spec?.nodeName;
    if (!nodeName) return; // an assumed pod stays where it is assumed until the cache shows it bound
    this.#assumed.delete(uid);
    if (isFinished(pod)) return this.#take(uid);
    this.#put(uid, pod, nodeName);
  }

  removePod(uid: string): void {
    this.#assumed.delete(uid);
    this.#take(uid);
  }

  assume(pod: PodObject, nodeName: string): void {
    const uid = pod.metadata.uid ?? '';
    this.#assumed.add(uid);
    this.#put(uid, pod, nodeName);
  }

  /** The binding failed: unless the cache has shown the pod bound meanwhile. */
  forget(uid: string): void {
    if (this.#assumed.delete(uid)) this.#take(uid);
  }

  isPlaced(uid: string): boolean {
    return this.#places.has(uid);
  }

  #put(uid: string, pod: PodObject, nodeName: string): void {
    if (this.#places.get(uid) !== nodeName) this.#take(uid);
    this.#places.set(uid, nodeName);
    const node = this.#nodes.get(nodeName);
    if (node) return node.add(pod);
    const strays = this.#strays.get(nodeName) ?? new Map<string, PodObject>();
    this.#strays.set(nodeName, strays.set(uid, pod));
  }

  #take(uid: string): void {
    const place = this.#places.get(uid);
    if (place === undefined) return;
    this.#places.delete(uid);
    this.#nodes.get(place)?.remove(uid);
    this.#strays.get(place)?.delete(uid);
  }
}
