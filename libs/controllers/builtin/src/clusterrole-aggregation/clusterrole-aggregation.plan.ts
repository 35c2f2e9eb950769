import type { ClusterRole } from '@kubernest/kinds';
import { deepEqual, type LabelSelector, selects } from '@kubernest/meta';

type Rules = NonNullable<ClusterRole['rules']>;

/** The rules of all roles that the aggregating role selects, by name, each once. Undefined: the role does not aggregate. */
export function planAggregation(role: ClusterRole, roles: readonly ClusterRole[]): Rules | undefined {
  const selectors = role.aggregationRule?.clusterRoleSelectors as readonly LabelSelector[] | undefined;
  if (!selectors) return undefined;
  const sources = roles
    .filter(
      (other) =>
        other.metadata.name !== role.metadata.name &&
        selectors.some((selector) => selects(selector, other.metadata.labels)),
    )
    .sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  const rules: Rules = [];
  for (const rule of sources.flatMap((source) => source.rules ?? [])) {
    if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
  }
  return rules;
}
