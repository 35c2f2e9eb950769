import type { SentDefinition } from '@kubernest/kinds';
import { firstTold } from '@kubernest/meta';
import type { Condition } from '../shared/conditions.ts';
import { hasItsNames } from '../shared/installing.ts';

export type Names = NonNullable<NonNullable<SentDefinition['spec']>['names']>;

export interface NamesPlan {
  readonly acceptedNames: Names;
  readonly condition: Condition;
}

/**
 * Which names one of a group gets. Names that another was given are taken; of those who ask for the same free name it is the oldest's.
 * `group`: the definitions of its group that matter, this one among them.
 */
export function planNames(crd: SentDefinition, group: readonly SentDefinition[]): NamesPlan {
  const taken = new TakenNames();
  for (const { status } of group) taken.add(status?.acceptedNames ?? {});
  const asking = group.filter((each) => isElder(each, crd) && !each.metadata.deletionTimestamp && !hasItsNames(each));
  // What an elder gives up it has until that is written.
  for (const elder of asking.sort((a, b) => (isElder(a, b) ? -1 : 1))) taken.add(accept(elder, taken).acceptedNames);
  return accept(crd, taken);
}

/** Times are in seconds: of the same second the one that was written first. */
function isElder({ metadata: a }: SentDefinition, { metadata: b }: SentDefinition): boolean {
  const [from, to] = [a.creationTimestamp ?? '', b.creationTimestamp ?? ''];
  return from === to ? Number(a.resourceVersion) < Number(b.resourceVersion) : from < to;
}

/** compat: names of resources are one space and kinds another. Each may be very many: they are only ever looked up. */
class TakenNames {
  readonly resources = new Set<string | undefined>();
  readonly kinds = new Set<string | undefined>();

  add({ plural, singular, shortNames = [], kind, listKind }: Names): void {
    for (const name of [plural, singular]) this.resources.add(name);
    for (const name of shortNames) this.resources.add(name);
    for (const name of [kind, listKind]) this.kinds.add(name);
  }
}

/** compat: what it holds itself is taken, too, for its other names. */
function accept(crd: SentDefinition, { resources, kinds }: TakenNames): NamesPlan {
  const asked = crd.spec?.names ?? {};
  const accepted: { -readonly [Name in keyof Names]: Names[Name] } = { ...crd.status?.acceptedNames };
  let conflict: Pick<Condition, 'reason' | 'message'> | undefined;
  const take = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    reason: string,
    used: ReadonlySet<string | undefined>,
  ) => {
    const name = asked[field];
    if (name !== accepted[field] && used.has(name)) conflict = { reason, message: inUse(name) };
    else accepted[field] = name;
  };
  take('plural', 'PluralConflict', resources);
  take('singular', 'SingularConflict', resources);
  const own = new Set(accepted.shortNames);
  const lost = (asked.shortNames ?? []).filter((name) => !own.has(name) && resources.has(name));
  if (lost.length > 0) conflict = { reason: 'ShortNamesConflict', message: aggregated(lost.map(inUse)) };
  else accepted.shortNames = asked.shortNames;
  take('kind', 'KindConflict', kinds);
  take('listKind', 'ListKindConflict', kinds);
  accepted.categories = asked.categories;
  return { acceptedNames: withoutAbsent(accepted), condition: conditionOf(conflict) };
}

const inUse = (name = ''): string => `${JSON.stringify(name)} is already in use`;

/** compat: of several conflicts the last is told. */
const conditionOf = (conflict: Pick<Condition, 'reason' | 'message'> | undefined): Condition =>
  conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };

/** Several messages as one, each once, as Kubernetes joins them. */
function aggregated(messages: readonly string[]): string {
  const once = [...new Set(messages)];
  if (once.length === 1) return once[0]!;
  return `[${firstTold(once).join(', ')}]`;
}

const withoutAbsent = (names: Names): Names =>
  Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
