import { ownValue, type Steps } from '@kubernest/meta';
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
  /** The labels of nodes by which the pod's affinity terms measure, and those of the places that it wants to be far from. */
  readonly nearKeys: ReadonlySet<string>;
  readonly farKeys: Set<string>;
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
  survey: look,
  filter(_pod, node, around) {
    if (!isNear(node, around)) return notNear;
    if (isAt(node, around.farKeys, around.far)) return tooNear;
    if (isAt(node, around.keys, around.keptOff)) return keptOff;
    return undefined;
  },
  score(_pod, node, { liked, keys }) {
    let total = 0;
    if (liked.size > 0) for (const key of keys) total += liked.get(placeOf(key, node) ?? '') ?? 0;
    return total;
  },
  normalize: smallestToLargest,
};

function isNear(node: NodeView, { nearKeys, near, isFirst }: Surroundings): boolean {
  for (const key of nearKeys) {
    const place = placeOf(key, node);
    if (place === undefined || !(isFirst || near.has(place))) return false;
  }
  return true;
}

function isAt(node: NodeView, keys: ReadonlySet<string>, places: ReadonlySet<string>): boolean {
  if (places.size > 0) for (const key of keys) if (places.has(placeOf(key, node) ?? '')) return true;
  return false;
}

function* look(pod: PodObject, cluster: ClusterView): Steps<Surroundings | undefined> {
  const terms = affinityTerms(pod);
  const around: Surroundings = {
    terms,
    nearKeys: new Set(terms.near.map(({ topologyKey }) => topologyKey)),
    farKeys: new Set(),
    near: new Set(),
    isFirst: false,
    far: new Set(),
    keptOff: new Set(),
    liked: new Map(),
    keys: new Set(),
  };
  const wants = Object.values(terms).some((list) => list.length > 0);
  for (const node of cluster.nodes) {
    yield;
    for (const other of (wants ? node.pods : node.podsWithAffinity).values()) {
      yield;
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
    for (const key of around.nearKeys) addTo(around.near, placeOf(key, node));
  for (const term of far) {
    const place = placeOf(term.topologyKey, node);
    if (place === undefined || around.far.has(place) || !term.meets(other, cluster)) continue;
    around.farKeys.add(term.topologyKey);
    around.far.add(place);
  }
  const meets = (term: Term): boolean => term.meets(other, cluster);
  for (const term of rather) like(term, term.weight, { node, around, meets });
  for (const term of ratherNot) like(term, -term.weight, { node, around, meets });
}

/** What this pod is to another one: their wishes bind, too. */
function beSeenBy(other: PodObject, node: NodeView, pod: PodObject, around: Surroundings, cluster: ClusterView): void {
  const { near, far, rather, ratherNot } = affinityTerms(other);
  for (const term of far) {
    const place = placeOf(term.topologyKey, node);
    if (place === undefined || around.keptOff.has(place) || !term.meets(pod, cluster)) continue;
    around.keys.add(term.topologyKey);
    around.keptOff.add(place);
  }
  const meets = (term: Term): boolean => term.meets(pod, cluster);
  for (const terms of [near, rather]) for (const term of terms) like(term, term.weight, { node, around, meets });
  for (const term of ratherNot) like(term, -term.weight, { node, around, meets });
}

interface Liking {
  readonly node: NodeView;
  readonly around: Surroundings;
  readonly meets: (term: Term) => boolean;
}

/** The place is asked for first: terms may be many, and most of them about places that no node is in. */
function like(term: Term, weight: number, { node, around: { keys, liked }, meets }: Liking): void {
  const place = placeOf(term.topologyKey, node);
  if (place === undefined || !meets(term)) return;
  keys.add(term.topologyKey);
  liked.set(place, (liked.get(place) ?? 0) + weight);
}

function addTo(places: Set<string>, place: string | undefined): void {
  if (place !== undefined) places.add(place);
}
