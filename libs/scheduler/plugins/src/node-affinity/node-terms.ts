import type { NodeSelectorRequirement, NodeSelectorTerm } from '@kubernest/api-types/core/v1';
import {
  hasLabels,
  type LabelOperator,
  type LabelRequirements,
  type Labels,
  matchesLabels,
  Rests,
  type Steps,
  takeApart,
} from '@kubernest/meta';
import type { NodeView, PodObject } from '@kubernest/scheduler/engine';

/** What a pod says about nodes, taken apart once for all of them. */
export interface NodeTerms {
  /** Its `nodeSelector` and what its node affinity requires. */
  matches(node: NodeView): boolean;
  readonly preferred: readonly { readonly weight: number; matches(node: NodeView): boolean }[];
}

const known = new WeakMap<PodObject, NodeTerms>();

/** In steps: selectors and terms may be as wide as an object. */
export function* nodeTerms(pod: PodObject): Steps<NodeTerms> {
  let terms = known.get(pod);
  if (!terms) {
    terms = yield* termsOf(pod);
    known.set(pod, terms);
  }
  return terms;
}

type Matcher = (node: NodeView) => boolean;
const none: Labels = {};

function* termsOf({ spec }: PodObject): Steps<NodeTerms> {
  const { nodeSelector, affinity } = spec ?? {};
  const { requiredDuringSchedulingIgnoredDuringExecution: required, ...nodeAffinity } = affinity?.nodeAffinity ?? {};
  // Terms are alternatives; a selector without terms matches nothing.
  const alternatives = required && (yield* matchersOf(required.nodeSelectorTerms));
  const preferences = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferred = yield* matchersOf(preferences.map(({ preference }) => preference));
  if (nodeSelector) {
    hasLabels(nodeSelector, none);
    yield;
  }
  return {
    matches: (node) =>
      (!nodeSelector || hasLabels(nodeSelector, node.node.metadata.labels)) &&
      (!alternatives || alternatives.some((matches) => matches(node))),
    preferred: preferences.map(({ weight }, i) => ({ weight, matches: preferred[i]! })),
  };
}

function* matchersOf(terms: readonly NodeSelectorTerm[]): Steps<Matcher[]> {
  const matchers: Matcher[] = [];
  const rests = new Rests();
  for (const term of terms) {
    matchers.push(yield* matcherOf(term));
    if (rests.isDue()) yield;
  }
  return matchers;
}

/** An empty term matches nothing, as Kubernetes has it. */
function* matcherOf({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): Steps<Matcher> {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false;
  const labels = requirements(matchExpressions);
  const fields = requirements(matchFields);
  yield* takeApart(labels);
  yield* takeApart(fields);
  return (node) =>
    matchesLabels(labels, node.node.metadata.labels) &&
    (fields.length === 0 || matchesLabels(fields, { 'metadata.name': node.name }));
}

const requirements = (from: readonly NodeSelectorRequirement[]): LabelRequirements =>
  from.map(({ key, operator, values }) => ({ key, operator: operator as LabelOperator, values: values ?? [] }));
