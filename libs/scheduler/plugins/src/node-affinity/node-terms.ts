import { hasLabels, type LabelOperator, type LabelRequirements, matchesLabels } from '@kubernest/meta';
import type { NodeView, PodObject } from '@kubernest/scheduler/engine';
import type { NodeSelectorRequirement, NodeSelectorTerm } from 'kubernetes-types/core/v1.js';

/** What a pod says about nodes, taken apart once for all of them. */
export interface NodeTerms {
  /** Its `nodeSelector` and what its node affinity requires. */
  matches(node: NodeView): boolean;
  readonly preferred: readonly { readonly weight: number; matches(node: NodeView): boolean }[];
}

const known = new WeakMap<PodObject, NodeTerms>();

export function nodeTerms(pod: PodObject): NodeTerms {
  let terms = known.get(pod);
  if (!terms) {
    terms = termsOf(pod);
    known.set(pod, terms);
  }
  return terms;
}

function termsOf({ spec }: PodObject): NodeTerms {
  const { nodeSelector, affinity } = spec ?? {};
  const { requiredDuringSchedulingIgnoredDuringExecution: required, ...nodeAffinity } = affinity?.nodeAffinity ?? {};
  // Terms are alternatives; a selector without terms matches nothing.
  const alternatives = required?.nodeSelectorTerms.map(matcherOf);
  return {
    matches: (node) =>
      (!nodeSelector || hasLabels(nodeSelector, node.node.metadata.labels)) &&
      (!alternatives || alternatives.some((matches) => matches(node))),
    preferred: (nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, preference }) => ({
      weight,
      matches: matcherOf(preference),
    })),
  };
}

/** An empty term matches nothing, as Kubernetes has it. */
function matcherOf({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): (node: NodeView) => boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false;
  const labels = requirements(matchExpressions);
  const fields = requirements(matchFields);
  return (node) =>
    matchesLabels(labels, node.node.metadata.labels) &&
    (fields.length === 0 || matchesLabels(fields, { 'metadata.name': node.name }));
}

const requirements = (from: readonly NodeSelectorRequirement[]): LabelRequirements =>
  from.map(({ key, operator, values }) => ({ key, operator: operator as LabelOperator, values: values ?? [] }));
