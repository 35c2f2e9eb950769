import type { Json } from './object.ts';
import type { FieldSchema, Schema } from './schema.ts';
import type { JsonObject } from './value.ts';

/** compat: what Go's `omitempty` leaves out: empty lists and maps, and zero values that do not differ from absent ones. */
export function isDropped(field: FieldSchema, value: Json): boolean {
  if (field.alwaysPresent) return false;
  switch (field.schema.type) {
    case 'list':
    case 'map':
      return isEmpty(value);
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return !field.keepsZero && (value === '' || value === 0 || value === false);
    default:
      return false;
  }
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value as JsonObject) return false;
  return true;
}

/** What a null becomes where absence is impossible: an entry of a list or map. */
export function zeroOf(schema: Schema): Json {
  switch (schema.type) {
    case 'struct':
      return schema.wire === 'quantity' ? '0' : {};
    case 'string':
      return '';
    case 'integer':
    case 'number':
    case 'int-or-string':
      return 0;
    case 'quantity':
      return '0';
    case 'boolean':
      return false;
    default:
      return null;
  }
}
