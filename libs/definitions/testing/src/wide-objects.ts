import type { ResourceDefinition } from '@kubernest/definitions';
import type { FieldSchema, Json, Schema, StructSchema } from '@kubernest/meta';

type Step = string | number;
export type WidePath = readonly Step[];
type JsonObject = { [key: string]: Json };

const MOST_STEPS = 7;

/** Every list and map that an object of this kind can hold, by its path; within a list that of its first item. */
export function widePaths({ schema }: Pick<ResourceDefinition, 'schema'>): readonly WidePath[] {
  const found: WidePath[] = [];
  walk(schema, [], new Set(), found);
  return found;
}

function walk(schema: Schema, path: WidePath, above: ReadonlySet<Schema>, found: WidePath[]): void {
  if (path.length > MOST_STEPS || above.has(schema)) return;
  const within = new Set([...above, schema]);
  if (schema.type === 'struct') {
    for (const [key, field] of Object.entries(schema.fields)) walk(field.schema, [...path, key], within, found);
  } else if (schema.type === 'list') {
    found.push(path);
    walk(schema.items, [...path, 0], within, found);
  } else if (schema.type === 'map') found.push(path);
}

/** The example with `count` different entries at `path`. */
export function widened(
  definition: Pick<ResourceDefinition, 'schema'>,
  example: Json,
  path: WidePath,
  count: number,
): Json {
  const object = structuredClone(example) as JsonObject;
  let holder: Json = object;
  let schema: Schema = definition.schema;
  path.forEach((step, i) => {
    schema = below(schema, step);
    const isLast = i === path.length - 1;
    const own = holder as Record<Step, Json>;
    if (isLast) own[step] = manyOf(schema, count);
    else own[step] ??= schema.type === 'list' ? [] : typeof path[i + 1] === 'number' ? [] : sampleOf(schema, 0, 1);
    holder = own[step]!;
  });
  return object;
}

function below(schema: Schema, step: Step): Schema {
  if (schema.type === 'list') return schema.items;
  if (schema.type === 'map') return schema.values;
  return (schema as StructSchema).fields[step]!.schema;
}

function manyOf(schema: Schema, count: number): Json {
  const numbers = Array.from({ length: count }, (_, i) => i);
  if (schema.type === 'list') return numbers.map((i) => sampleOf(schema.items, i, 1));
  const values = (schema as { values: Schema }).values;
  return Object.fromEntries(numbers.map((i) => [keyOf(values, i), sampleOf(values, i, 1)]));
}

/** What is counted in quantities is a resource, whose name must have a domain unless Kubernetes knows it. */
const keyOf = (values: Schema, i: number): string => (isQuantity(values) ? `example.com/k${i}` : `k${i}`);
const isQuantity = (schema: Schema): boolean =>
  schema.type === 'quantity' || (schema.type === 'struct' && schema.wire === 'quantity');

/** A value of the schema, with its scalars and `depth` levels of what it holds. */
function sampleOf(schema: Schema, i: number, depth: number): Json {
  switch (schema.type) {
    case 'struct':
      return schema.wire === undefined ? sampleStruct(schema, i, depth) : wireValue(schema.wire, i);
    case 'list':
      return depth > 0 ? [sampleOf(schema.items, i, depth - 1)] : [];
    case 'map':
      return depth > 0 ? { [keyOf(schema.values, i)]: sampleOf(schema.values, i, depth - 1) } : {};
    case 'integer':
      return (i % 60_000) + 1;
    case 'number':
      return i;
    case 'boolean':
      return i % 2 === 0;
    case 'quantity':
    case 'int-or-string':
      return `${i}`;
    case 'any':
      return {};
    default:
      return textOf(schema, i);
  }
}

function textOf(schema: Schema & { format?: string; enum?: readonly string[] }, i: number): string {
  if (schema.enum) return schema.enum[i % schema.enum.length]!;
  if (schema.format === 'date-time') return '2026-11-24T10:00:00Z';
  if (schema.format === 'micro-time') return '2026-11-24T10:00:00.000000Z';
  return schema.format === 'byte' ? 'aGk=' : `x${i}`;
}

function sampleStruct(schema: StructSchema, i: number, depth: number): Json {
  const fields = Object.entries(schema.fields).filter(([, field]) => depth > 0 || isScalar(field));
  return Object.fromEntries(fields.map(([key, field]) => [key, sampleOf(field.schema, i, depth - 1)]));
}

const isScalar = ({ schema }: FieldSchema): boolean => !['struct', 'list', 'map', 'any'].includes(schema.type);

function wireValue(wire: NonNullable<StructSchema['wire']>, i: number): Json {
  if (wire === 'time' || wire === 'microtime') return '2026-11-24T10:00:00.000000Z';
  if (wire === 'quantity' || wire === 'intorstring') return `${i}`;
  return {};
}
