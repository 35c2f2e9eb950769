import { ownValue } from '@kubernest/meta';
import {
  type ClusterView,
  type NodeView,
  type PodObject,
  type SchedulerPlugin,
  smallestToLargest,
} from '@kubernest/scheduler/engine';
import { type AffinityTerms, affinityTerms, type Term } from './affinity-terms.ts';

const notNear = [{ reason: "node(s) didn't match pod affinity rules", unresolvable: true }];
const tooNear = [{ reason: "node(s) didn't match pod anti-affinity rules", unresolvable: false }];
const keptOff = [{ reason: "node(s) didn't satisfy existing pods anti-affinity rules", unresolvable: false }];

/** A place: a label of a node with its value. */
const placeOf = (key: string, node: NodeView): string | undefined => {
  const value = ownValue(node.node.metadata.labels, key);
  return value === undefined ? undefined : `${key}=${value}`;
};

interface Surroundings {
  readonly terms: AffinityTerms;
  /** Places with a pod that meets all of the pod's affinity terms. */
  readonly near: Set<string>;
  /** No pod meets them, but the pod itself does: it is the first of its kind. */
  isFirst: boolean;
  /** Places with a pod that the pod wants to be far from. */
  readonly far: Set<string>;
  /** Places of pods that want to be far from the pod. */
  readonly keptOff: Set<string>;
  readonly liked: Map<string, number>;
  /** The keys of all places in `keptOff` and `liked`. */
  readonly keys: Set<string>;
}

/** Keeps pods near to those that they want near and far from those that they, or the others, want far; prefers places likewise. */
export const podAffinity: SchedulerPlugin<Surroundings> = {
  name: 'pod-affinity',
  unblockedBy: ['node-added', 'node-changed', 'pod-added', 'pod-changed', 'pod-deleted'],
  weight: 2,
  prepare: look,
  filter(_pod, node, around) {
    const at = (term: Term) => placeOf(term.topologyKey, node);
    const { near, far } = around.terms;
    if (near.some((term) => !at(term))) return notNear;
    if (!around.isFirst && near.some((term) => !around.near.has(at(term)!))) return notNear;
    if (far.some((term) => around.far.has(at(term) ?? ''))) return tooNear;
    if (around.keptOff.size > 0 && [...around.keys].some((key) => around.keptOff.has(placeOf(key, node) ?? '')))
      return keptOff;
    return undefined;
  },
  score(_pod, node, { liked, keys }) {
    let total = 0;
    if (liked.size > 0) for (const key of keys) total += liked.get(placeOf(key, node) ?? '') ?? 0;
    return total;
  },
  normalize: smallestToLargest,
};

function look(pod: PodObject, cluster: ClusterView): Surroundings | undefined {
  const terms = affinityTerms(pod);
  const around: Surroundings = {
    terms,
    near: new Set(),
    isFirst: false,
    far: new Set(),
    keptOff: new Set(),
    liked: new Map(),
    keys: new Set(),
  };
  const wants = Object.values(terms).some((list) => list.length > 0);
  for (const node of cluster.nodes) {
    for (const other of (wants ? node.pods : node.podsWithAffinity).values()) {
      if (wants) lookAt(other, node, around, cluster);
      if (node.podsWithAffinity.has(other.metadata.uid ?? '')) beSeenBy(other, node, pod, around, cluster);
    }
  }
  around.isFirst = around.near.size === 0 && terms.near.every((term) => term.meets(pod, cluster));
  return wants || around.keys.size > 0 ? around : undefined;
}

/** What another pod is to this one. */
function lookAt(other: PodObject, node: NodeView, around: Surroundings, cluster: ClusterView): void {
  const { near, far, rather, ratherNot } = around.terms;
  if (near.length > 0 && near.every((term) => term.meets(other, cluster)))
    for (const { topologyKey } of near) addTo(around.near, placeOf(topologyKey, node));
  for (const term of far) if (term.meets(other, cluster)) addTo(around.far, placeOf(term.topologyKey, node));
  for (const term of rather) if (term.meets(other, cluster)) like(term, term.weight, node, around);
  for (const term of ratherNot) if (term.meets(other, cluster)) like(term, -term.weight, node, around);
}

/** What this pod is to another one: their wishes bind, too. */
function beSeenBy(other: PodObject, node: NodeView, pod: PodObject, around: Surroundings, cluster: ClusterView): void {
  const { near, far, rather, ratherNot } = affinityTerms(other);
  for (const term of far) {
    if (!term.meets(pod, cluster)) continue;
    around.keys.add(term.topologyKey);
    addTo(around.keptOff, placeOf(term.topologyKey, node));
  }
  for (const term of [...near, ...rather]) if (term.meets(pod, cluster)) like(term, term.weight, node, around);
  for (const term of ratherNot) if (term.meets(pod, cluster)) like(term, -term.weight, node, around);
}

function like({ topologyKey }: Term, weight: number, node: NodeView, { keys, liked }: Surroundings): void {
  const place = placeOf(topologyKey, node);
  if (place === undefined) return;
  keys.add(topologyKey);
  liked.set(place, (liked.get(place) ?? 0) + weight);
}

function addTo(places: Set<string>, place: string | undefined): void {
  if (place !== undefined) places.add(place);
}
