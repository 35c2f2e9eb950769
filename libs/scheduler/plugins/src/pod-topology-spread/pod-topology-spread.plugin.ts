import type { TopologySpreadConstraint } from '@kubernest/api-types/core/v1';
import { type LabelSelector, ownValue, type Steps, selects } from '@kubernest/meta';
import type { ClusterView, NodeView, PodObject, SchedulerPlugin } from '@kubernest/scheduler/engine';
import { type NodeTerms, nodeTerms } from '../node-affinity/node-terms.ts';
import { toleratesNode } from '../taint-toleration/taint-toleration.plugin.ts';

const uneven = [{ reason: "node(s) didn't match pod topology spread constraints", unresolvable: false }];
const nowhere = [
  { reason: "node(s) didn't match pod topology spread constraints (missing required label)", unresolvable: true },
];

interface Spread {
  readonly key: string;
  readonly maxSkew: number;
  /** 1 when the pod itself is one of those that are spread. */
  readonly self: number;
  /** Value of the label → how many of the pods are there. */
  readonly counts: ReadonlyMap<string, number>;
  readonly least: number;
}
interface Spreads {
  readonly hard: readonly Spread[];
  readonly soft: readonly Spread[];
}

/** Spreads pods evenly over zones, nodes or whatever a label of nodes tells apart. */
export const podTopologySpread: SchedulerPlugin<Spreads> = {
  name: 'pod-topology-spread',
  unblockedBy: ['node-added', 'node-changed', 'pod-added', 'pod-changed', 'pod-deleted'],
  weight: 2,
  survey: lookAround,
  filter(_pod, node, { hard }) {
    for (const { key, maxSkew, self, counts, least } of hard) {
      const value = ownValue(node.node.metadata.labels, key);
      if (value === undefined) return nowhere;
      if ((counts.get(value) ?? 0) + self - least > maxSkew) return uneven;
    }
    return undefined;
  },
  score(_pod, node, { soft }) {
    let total = 0;
    for (const { key, maxSkew, counts } of soft) {
      const value = ownValue(node.node.metadata.labels, key);
      if (value === undefined) return Number.NaN;
      // compat: the more places there are, the more one pod too many weighs; a large skew that is allowed weighs less.
      total += (counts.get(value) ?? 0) * Math.log(counts.size + 2) + (maxSkew - 1);
    }
    return Math.round(total);
  },
  normalize: emptierIsBetter,
};

/** The emptiest place gets 100; a node without the label gets nothing. */
function emptierIsBetter(scores: Float64Array): void {
  const told = scores.filter((score) => !Number.isNaN(score));
  const most = told.reduce((high, score) => Math.max(high, score), 0);
  const least = told.reduce((low, score) => Math.min(low, score), most);
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) scores[i] = 0;
    else scores[i] = most === 0 ? 100 : (100 * (most + least - scores[i]!)) / most;
  }
}

function* lookAround(pod: PodObject, cluster: ClusterView): Steps<Spreads | undefined> {
  const constraints = constraintsOf(pod);
  if (constraints.length === 0) return undefined;
  const of = (when: string) => constraints.filter(({ constraint }) => constraint.whenUnsatisfiable === when);
  return {
    hard: yield* count(pod, of('DoNotSchedule'), cluster),
    soft: yield* count(pod, of('ScheduleAnyway'), cluster),
  };
}

/** How the pods that each constraint means are spread now. Only nodes that have all of the labels count. */
function* count(pod: PodObject, constraints: readonly Constraint[], cluster: ClusterView): Steps<Spread[]> {
  if (constraints.length === 0) return [];
  const counts = constraints.map(() => new Map<string, number>());
  const terms = yield* nodeTerms(pod);
  for (const node of cluster.nodes) {
    yield;
    const valueFor = ({ constraint }: Constraint) => ownValue(node.node.metadata.labels, constraint.topologyKey);
    if (!constraints.every((constraint) => valueFor(constraint) !== undefined)) continue;
    const takesPart = partIn(pod, terms, node);
    for (const [i, constraint] of constraints.entries()) {
      if (!takesPart(constraint.constraint)) continue;
      const value = valueFor(constraint)!;
      counts[i]!.set(value, (counts[i]!.get(value) ?? 0) + matching(constraint.selector, pod, node));
    }
  }
  return constraints.map(({ constraint: { topologyKey: key, maxSkew, minDomains = 1 }, selector }, i) => {
    const self = selects(selector, pod.metadata.labels) ? 1 : 0;
    const least = counts[i]!.size < minDomains ? 0 : Math.min(...counts[i]!.values());
    return { key, maxSkew, self, counts: counts[i]!, least };
  });
}

/** Whether the node takes part in a constraint: what the pod says about nodes is asked once for all of them. */
function partIn(pod: PodObject, terms: NodeTerms, node: NodeView): (constraint: TopologySpreadConstraint) => boolean {
  let isMatched: boolean | undefined;
  let isTolerated: boolean | undefined;
  const matches = (): boolean => (isMatched ??= terms.matches(node));
  const tolerates = (): boolean => (isTolerated ??= toleratesNode(pod, node));
  return ({ nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }) =>
    (nodeAffinityPolicy !== 'Honor' || matches()) && (nodeTaintsPolicy !== 'Honor' || tolerates());
}

function matching(selector: LabelSelector | undefined, pod: PodObject, node: NodeView): number {
  let found = 0;
  for (const { metadata } of node.pods.values()) {
    const isOne = metadata.namespace === pod.metadata.namespace && !metadata.deletionTimestamp;
    if (isOne && selects(selector, metadata.labels)) found++;
  }
  return found;
}

interface Constraint {
  readonly constraint: TopologySpreadConstraint;
  readonly selector: LabelSelector | undefined;
}

const known = new WeakMap<PodObject, readonly Constraint[]>();

function constraintsOf(pod: PodObject): readonly Constraint[] {
  let constraints = known.get(pod);
  if (!constraints) {
    constraints = (pod.spec?.topologySpreadConstraints ?? []).map((constraint) => ({
      constraint,
      selector: selectorOf(pod, constraint),
    }));
    known.set(pod, constraints);
  }
  return constraints;
}

/** The selector, and that the pods have this pod's values of some labels. */
function selectorOf(pod: PodObject, { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint) {
  const { labels = {} } = pod.metadata;
  const { matchLabels, matchExpressions = [] } = (labelSelector ?? {}) as LabelSelector;
  const added = matchLabelKeys
    .filter((key) => Object.hasOwn(labels, key))
    .map((key) => ({ key, operator: 'In', values: [labels[key]!] }));
  return labelSelector ? { matchLabels, matchExpressions: [...matchExpressions, ...added] } : undefined;
}
