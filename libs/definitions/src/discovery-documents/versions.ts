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

interface Sorted {
  readonly groups: readonly GroupVersions[];
  readonly byGroupVersion: ReadonlyMap<string, readonly ResourceDefinition[]>;
}

/** Of a list of definitions, which never changes: with hundreds of groups each question would otherwise look at all of them. */
const sortedLists = new WeakMap<readonly ResourceDefinition[], Sorted>();

function sorted(definitions: readonly ResourceDefinition[]): Sorted {
  const known = sortedLists.get(definitions);
  if (known) return known;
  const versions = new Map<string, Set<string>>();
  const byGroupVersion = new Map<string, ResourceDefinition[]>();
  for (const definition of definitions) {
    const { group, version } = definition;
    versions.getOrInsertComputed(group, () => new Set()).add(version);
    byGroupVersion.getOrInsertComputed(apiVersionOf(definition), () => []).push(definition);
  }
  for (const served of byGroupVersion.values()) served.sort((a, b) => (a.plural < b.plural ? -1 : 1));
  const groups = [...versions].map(([group, all]) => ({ group, versions: [...all].sort(compareVersions) }));
  const made = { groups, byGroupVersion };
  sortedLists.set(definitions, made);
  return made;
}

/** Groups in the order in which the definitions first name them. `definitions` must not be changed afterwards. */
export function groupsOf(definitions: readonly ResourceDefinition[]): readonly GroupVersions[] {
  return sorted(definitions).groups;
}

/** By plural. `definitions` must not be changed afterwards. */
export function inGroupVersion(
  definitions: readonly ResourceDefinition[],
  gv: { readonly group: string; readonly version: string },
): readonly ResourceDefinition[] {
  return sorted(definitions).byGroupVersion.get(apiVersionOf(gv)) ?? [];
}
