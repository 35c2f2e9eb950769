import type { KubeObject } from '@kubernest/meta';
import { ageOf } from '@kubernest/meta';
import type { Column } from '../definition.ts';

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Unique within its namespace, or within the cluster for what has none.',
  cell: (object) => object.metadata.name ?? '',
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  description: 'How long ago the object was created.',
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

/** A column of type string that needs nothing but the object and the time. */
export function textColumn<T extends KubeObject>(
  name: string,
  description: string,
  cell: (object: T, now: Date) => string | number,
): Column<T> {
  return { name, type: 'string', description, cell };
}

export function integerColumn<T extends KubeObject>(
  name: string,
  description: string,
  cell: (object: T) => number,
): Column<T> {
  return { name, type: 'integer', description, cell };
}

/** The same column, shown only with `-o wide`. */
export function wide<T extends KubeObject>(column: Column<T>): Column<T> {
  return { ...column, priority: 1 };
}

/** Of labels or conditions: nobody reads more in a line, and each row is made at once. */
const MOST_IN_LINE = 1000;

const withRest = (text: string, total: number): string =>
  total > MOST_IN_LINE ? `${text} + ${total - MOST_IN_LINE} more...` : text;

/** `a=b,c=d`, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>> = {}): string {
  const keys = Object.keys(labels);
  const shown = keys.slice(0, MOST_IN_LINE).sort();
  return withRest(shown.map((key) => `${key}=${labels[key]}`).join(',') || '<none>', keys.length);
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  const sorted = withRest(values.slice(0, MOST_IN_LINE).sort().join(','), values.length);
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (operator === 'In') return `${key} in (${sorted})`;
  return operator === 'NotIn' ? `${key} notin (${sorted})` : '<invalid>';
}

/** A label selector in kubectl's own writing, ordered by key. */
export function selectorText(selector?: {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}): string {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const keys = Object.keys(matchLabels);
  const shown = [
    ...keys.slice(0, MOST_IN_LINE).map((key) => ({ key, text: `${key}=${matchLabels[key]}` })),
    ...matchExpressions.slice(0, MOST_IN_LINE).map((each) => ({ key: each.key, text: requirementText(each) })),
  ].slice(0, MOST_IN_LINE);
  const text = shown
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((part) => part.text)
    .join(',');
  return withRest(text, keys.length + matchExpressions.length);
}

interface Template {
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { readonly name?: string; readonly image?: string }[] };
    };
    readonly selector?: Parameters<typeof selectorText>[0];
  };
}

/** What every workload shows with `-o wide`. */
export function workloadColumns<T extends KubeObject & Template>(): readonly Column<T>[] {
  const containers = (object: T) => object.spec?.template?.spec?.containers ?? [];
  return [
    wide(
      textColumn<T>('Containers', 'Names of the containers in the template.', (o) =>
        containers(o)
          .map((c) => c.name)
          .join(','),
      ),
    ),
    wide(
      textColumn<T>('Images', 'Images of the containers in the template.', (o) =>
        containers(o)
          .map((c) => c.image)
          .join(','),
      ),
    ),
    wide(textColumn<T>('Selector', 'Which pods belong to it.', (o) => selectorText(o.spec?.selector))),
  ];
}

/** How many of a list a cell shows. */
export const SHOWN = 3;

/** Three at most, and how many more there are. `total`: where not all of very many were made. */
export function fewOf(items: readonly string[], empty: string, total = items.length): string {
  const shown = items.slice(0, SHOWN).join(',');
  if (total > SHOWN) return `${shown} + ${total - SHOWN} more...`;
  return shown || empty;
}
