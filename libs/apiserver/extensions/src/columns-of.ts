import {
  ageColumn,
  type Cell,
  type Column,
  type Looks,
  looksOfRow,
  MOST_CELL,
  nameColumn,
} from '@kubernest/definitions';
import { ageOf, atOnce, type Json, type KubeObject, type Steps, shownJson } from '@kubernest/meta';
import type { Version } from './declared-version.ts';
import { firstAt } from './json-path/first-at.ts';
import { type PathStep, parseJsonPath } from './json-path/parse.ts';

type Sent = NonNullable<Version['additionalPrinterColumns']>[number];

/** compat: an age is a date here, of which clients are told the age. */
const age: Column = { ...ageColumn, type: 'date' };

export const columnsOf = ({ additionalPrinterColumns: columns = [] }: Version): readonly Column[] =>
  columns.length === 0 ? [nameColumn, age] : [nameColumn, ...columns.map(columnOf)];

/** Far longer than any that somebody means. compat: Kubernetes sets no bound; a longer one leads nowhere here. */
const MOST_PATH = 16 * 1024;

function columnOf({ name, type, format, description, priority = 0, jsonPath }: Sent): Column {
  const path = jsonPath.length > MOST_PATH ? undefined : parseJsonPath(jsonPath);
  function* making(object: KubeObject, now: Date, looks: Looks): Steps<Cell> {
    // compat: of several values the first is shown.
    const value = path && (yield* firstAt(object as unknown as Json, path, looks));
    return value === undefined ? null : cellOf(type, value, now);
  }
  const told = description || `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return {
    name,
    type: type as Column['type'],
    format: (format ?? '') as NonNullable<Column['format']>,
    description: told,
    priority,
    cell: (object, now) => atOnce(making(object, now, looksOfRow())),
    ...(path?.some(isSearch) ? { making } : {}),
  };
}

/** Where the way leads through more of an object than its own length. */
const isSearch = ({ type }: PathStep): boolean => type === 'below' || type === 'filter';

/** compat: a value of another type than the column's is not shown, but in a column of texts everything is. */
function cellOf(type: string, value: Json, now: Date): Cell {
  switch (type) {
    case 'string':
      if (value === null) return '<no value>';
      return typeof value === 'object' ? shownObject(value) : String(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : typeof value === 'bigint' ? value : null;
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value, now);
  }
}

const shown = new WeakMap<object, string>();

/** Many columns may show the same object, of which to ask for the keys takes long where it is wide. */
function shownObject(value: object): string {
  const text = shown.get(value) ?? shownJson(value, MOST_CELL);
  if (text.length > MOST_CELL) shown.set(value, text);
  return text;
}
