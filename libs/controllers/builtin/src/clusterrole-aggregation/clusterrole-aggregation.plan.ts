import type { ClusterRole } from '@kubernest/kinds';
import { type LabelSelector, selects } from '@kubernest/meta';

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
  const rules = new Map<string, Rules[number]>();
  for (const rule of sources.flatMap((source) => source.rules ?? [])) {
    const text = textOf(rule);
    if (!rules.has(text)) rules.set(text, rule);
  }
  return [...rules.values()];
}

/** Rules that say the same have the same text: roles may have thousands. */
const textOf = ({ apiGroups, nonResourceURLs, resourceNames, resources, verbs }: Rules[number]): string =>
  JSON.stringify([apiGroups, nonResourceURLs, resourceNames, resources, verbs]);
