import { apiVersionOf } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';

const versionForm = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** v2 before v1 before v1beta2 before v1beta1 before v1alpha1 before whatever is named otherwise, that by the alphabet. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionForm.exec(a), versionForm.exec(b)];
  if (!x || !y) return x ? -1 : y ? 1 : a < b ? -1 : Number(a > b);
  const stage = (found: RegExpExecArray) => (found[2] === undefined ? 0 : found[2] === 'beta' ? 1 : 2);
  return stage(x) - stage(y) || Number(y[1]) - Number(x[1]) || Number(y[3] ?? 0) - Number(x[3] ?? 0);
}

export interface GroupVersions {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** Groups in the order in which the definitions first name them. */
export function groupsOf(definitions: readonly ResourceDefinition[]): readonly GroupVersions[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of definitions)
    groups.set(group, (groups.get(group) ?? new Set<string>()).add(version));
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
}

export function inGroupVersion(
  definitions: readonly ResourceDefinition[],
  gv: { readonly group: string; readonly version: string },
): readonly ResourceDefinition[] {
  return definitions
    .filter((definition) => apiVersionOf(definition) === apiVersionOf(gv))
    .sort((a, b) => (a.plural < b.plural ? -1 : 1));
}
