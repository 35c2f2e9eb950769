import type { Json, Schema, StructSchema } from '@kubernest/meta';

type Fields = { readonly [key: string]: Json };

function isFields(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function structFaults(schema: StructSchema, value: Json, path: string): string[] {
  if (!isFields(value)) return [`${path}: not an object`];
  if (schema.preserveUnknownFields) return [];
  const join = (key: string) => (path ? `${path}.${key}` : key);
  const missing = Object.entries(schema.fields)
    .filter(([key, field]) => field.required && (value as Fields)[key] === undefined)
    .map(([key]) => `${join(key)}: missing`);
  const wrong = Object.entries(value).flatMap(([key, inner]) => {
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (!field) return [`${join(key)}: unknown field`];
    return inner === null ? [] : schemaFaults(field.schema, inner, join(key));
  });
  return [...missing, ...wrong];
}

function scalarFaults(schema: Schema, value: Json, path: string): string[] {
  const actual = typeof value;
  const fits =
    schema.type === 'any' ||
    (schema.type === 'integer' && Number.isInteger(value)) ||
    (schema.type === 'int-or-string' && (Number.isInteger(value) || actual === 'string')) ||
    (schema.type === 'quantity' && (actual === 'number' || actual === 'string')) ||
    schema.type === actual;
  if (!fits) return [`${path}: ${actual} instead of ${schema.type}`];
  if (schema.type === 'string' && schema.enum && !schema.enum.includes(value as string))
    return [`${path}: ${JSON.stringify(value)} is not one of ${schema.enum.join(', ')}`];
  return [];
}

/** Where a value differs from its schema in types, names, enums and what is required: for tests; the engine's decoder is stricter. */
export function schemaFaults(schema: Schema, value: Json, path = ''): string[] {
  switch (schema.type) {
    case 'struct':
      return structFaults(schema, value, path);
    case 'map':
      return isFields(value)
        ? Object.entries(value).flatMap(([key, inner]) => schemaFaults(schema.values, inner, `${path}[${key}]`))
        : [`${path}: not a map`];
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((inner, index) => schemaFaults(schema.items, inner, `${path}[${index}]`))
        : [`${path}: not a list`];
    default:
      return scalarFaults(schema, value, path);
  }
}
