import { type LabelOperator, matchesLabels } from '@kubernest/meta';
import { moreIsBetter, type NodeView, type PodObject, type SchedulerPlugin } from '@kubernest/scheduler/engine';
import type { NodeSelectorRequirement, NodeSelectorTerm } from 'kubernetes-types/core/v1.js';

const misfits = [{ reason: "node(s) didn't match Pod's node affinity/selector", unresolvable: true }];

/** `nodeSelector` and node affinity: what must match, and what is preferred. */
export const nodeAffinity: SchedulerPlugin = {
  name: 'node-affinity',
  unblockedBy: ['node-added', 'node-changed'],
  weight: 2,
  filter: (pod, node) => (matchesNode(pod, node) ? undefined : misfits),
  normalize: moreIsBetter,
  prepare: ({ spec }) => (spec?.nodeSelector || spec?.affinity?.nodeAffinity ? true : undefined),
  score: (pod, node) =>
    (pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      .filter(({ preference }) => matchesTerm(preference, node))
      .reduce((sum, { weight }) => sum + weight, 0),
};

/** Its `nodeSelector` and what its node affinity requires. */
export const matchesNode = (pod: PodObject, node: NodeView): boolean =>
  matchesSelector(pod, node) && matchesRequired(pod, node);

function matchesSelector(pod: PodObject, node: NodeView): boolean {
  const labels = node.node.metadata.labels ?? {};
  return Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
}

/** Terms are alternatives; a selector without terms matches nothing. */
function matchesRequired(pod: PodObject, node: NodeView): boolean {
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** An empty term matches nothing, as Kubernetes has it. */
function matchesTerm(term: NodeSelectorTerm, node: NodeView): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  return (
    matchesLabels(requirements(expressions), node.node.metadata.labels) &&
    matchesLabels(requirements(fields), { 'metadata.name': node.name })
  );
}

const requirements = (from: readonly NodeSelectorRequirement[]) =>
  from.map(({ key, operator, values }) => ({ key, operator: operator as LabelOperator, values: values ?? [] }));
