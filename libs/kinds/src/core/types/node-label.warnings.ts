import type { NodeSelectorTerm } from '@kubernest/api-types/core/v1';
import type { Warn } from '@kubernest/definitions';
import { validateLabelValue } from '@kubernest/meta';

/** Labels of nodes that have another name today, and what people are told of them. */
const deprecated: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** compat: says nothing in between, as Kubernetes does where labels are the keys of a map. */
export function warnOfNodeLabels(labels: Readonly<Record<string, string>>, path: string, warn: Warn): void {
  for (const key of Object.keys(labels)) {
    const words = deprecated.get(key);
    if (words) warn(`${path}[${key}]: ${words}`);
  }
}

export function warnOfNodeLabel(key: string | undefined, field: string, warn: Warn): void {
  const words = deprecated.get(key ?? '');
  if (words) warn(`${field}: ${key} is ${words}`);
}

interface TermPlace {
  readonly path: string;
  /** Then values that are no labels' are told of; in what is required they are refused. */
  readonly isPreferred: boolean;
}

export function warnOfNodeSelectorTerm(
  term: NodeSelectorTerm | undefined,
  { path, isPreferred }: TermPlace,
  warn: Warn,
): void {
  for (const [i, { key, values = [] }] of (term?.matchExpressions ?? []).entries()) {
    const here = `${path}.matchExpressions[${i}]`;
    warnOfNodeLabel(key, `${here}.key`, warn);
    if (!isPreferred) continue;
    for (const [j, value] of values.entries())
      for (const fault of validateLabelValue(value)) warn(`${here}.values[${j}]: ${value} is invalid, ${fault}`);
  }
}
