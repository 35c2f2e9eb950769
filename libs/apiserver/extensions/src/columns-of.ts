import type { Column } from '@kubernest/definitions';
import { ageOf, type Json, type KubeObject } from '@kubernest/meta';
import type { Version } from './declared-version.ts';
import { parseJsonPath } from './json-path/parse.ts';
import { valuesAt } from './json-path/values-at.ts';

type Sent = NonNullable<Version['additionalPrinterColumns']>[number];

const name: Column = { name: 'Name', type: 'string', format: 'name', cell: ({ metadata }) => metadata.name ?? '' };

/** Undefined where none are said: then there are NAME and AGE. */
export function columnsOf({ additionalPrinterColumns: columns = [] }: Version): readonly Column[] | undefined {
  return columns.length === 0 ? undefined : [name, ...columns.map(columnOf)];
}

function columnOf({ name, type, format, description, priority = 0, jsonPath }: Sent): Column {
  const path = parseJsonPath(jsonPath);
  const told = description || `Custom resource definition column (in JSONPath format): ${jsonPath}`;
  return {
    name,
    type: type as Column['type'],
    format: (format ?? '') as NonNullable<Column['format']>,
    description: told,
    priority,
    cell(object: KubeObject, now: Date) {
      // compat: of several values the first is shown.
      const [value] = path ? valuesAt(object as unknown as Json, path) : [];
      return value === undefined ? null : cellOf(type, value, now);
    },
  };
}

/** compat: a value of another type than the column's is not shown, but in a column of texts everything is. */
function cellOf(type: string, value: Json, now: Date): string | number | boolean | null {
  switch (type) {
    case 'string':
      if (value === null) return '<no value>';
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value, now);
  }
}
