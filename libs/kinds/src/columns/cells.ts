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

/** `a=b,c=d`, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${value}`).join(',') || '<none>';
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  const sorted = [...values].sort().join(',');
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
  const parts = [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(selector?.matchExpressions ?? []).map((r) => ({ key: r.key, text: requirementText(r) })),
  ];
  return parts
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map((part) => part.text)
    .join(',');
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
