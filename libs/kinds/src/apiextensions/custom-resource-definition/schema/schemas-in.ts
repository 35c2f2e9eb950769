import type { JsonSchemaProps } from '@kubernest/structural';

/** A schema and all within it, whatever keyword they stand under; each before those within it. A stack of constant depth. */
export function* schemasIn(root: JsonSchemaProps): Generator<JsonSchemaProps> {
  const left = [root];
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    yield schema;
    for (const keyword of Object.keys(schema)) {
      const value: unknown = schema[keyword as keyof JsonSchemaProps];
      if (maps.has(keyword)) for (const below of Object.values(value ?? {})) if (isSchema(below)) left.push(below);
      if (others.has(keyword))
        for (const below of Array.isArray(value) ? value : [value]) if (isSchema(below)) left.push(below);
    }
  }
}

const maps: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'definitions', 'dependencies']);
/** Of one schema, of several or of something else. */
const others: ReadonlySet<string> = new Set([
  ...['items', 'allOf', 'anyOf', 'oneOf', 'not'],
  ...['additionalProperties', 'additionalItems'],
]);

export function schemaHas(root: JsonSchemaProps, predicate: (schema: JsonSchemaProps) => boolean): boolean {
  return schemasIn(root).some(predicate);
}

/** Some keywords hold a schema or something else. */
export const isSchema = (value: unknown): value is JsonSchemaProps =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
