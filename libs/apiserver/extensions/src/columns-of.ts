import { ageColumn, type Column, nameColumn } from '@kubernest/definitions';
import { ageOf, type Json, type KubeObject } from '@kubernest/meta';
import type { Version } from './declared-version.ts';
import { parseJsonPath } from './json-path/parse.ts';
import { valuesAt } from './json-path/values-at.ts';

type Sent = NonNullable<Version['additionalPrinterColumns']>[number];

/** compat: an age is a date here, of which clients are told the age. */
const age: Column = { ...ageColumn, type: 'date' };

export const columnsOf = ({ additionalPrinterColumns: columns = [] }: Version): readonly Column[] =>
  columns.length === 0 ? [nameColumn, age] : [nameColumn, ...columns.map(columnOf)];

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
