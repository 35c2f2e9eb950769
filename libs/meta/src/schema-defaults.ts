import type { Json } from './object.ts';
import type { FieldSchema, Schema, StructSchema } from './schema.ts';
import { clone, isObject } from './value.ts';

/** Fills in, in place and at any depth, the defaults that the schema knows. Idempotent. */
export function applyDefaults(schema: Schema, draft: Json): void {
  if (draft === null || typeof draft !== 'object') return;
  if (schema.type === 'struct') defaultStruct(schema, draft);
  else if (schema.type === 'list' && Array.isArray(draft) && mayDefault(schema.items)) {
    for (const item of draft) applyDefaults(schema.items, item);
  } else if (schema.type === 'map' && isObject(draft) && mayDefault(schema.values)) {
    for (const key in draft) applyDefaults(schema.values, draft[key]!);
  }
}

function defaultStruct(schema: StructSchema, draft: Json): void {
  if (!isObject(draft)) return;
  for (const [key, field] of fieldsToVisit(schema)) {
    let value = draft[key];
    if (value === undefined || value === null) {
      if (field.default === undefined) continue;
      value = clone(field.default);
      draft[key] = value;
    }
    applyDefaults(field.schema, value);
  }
}

type Visit = readonly (readonly [string, FieldSchema])[];
const visits = new WeakMap<StructSchema, Visit>();

/** Only the fields at or below which there is a default: most of a Pod is skipped. */
function fieldsToVisit(schema: StructSchema): Visit {
  let fields = visits.get(schema);
  if (!fields) {
    fields = Object.entries(schema.fields).filter(
      ([, field]) => field.default !== undefined || mayDefault(field.schema),
    );
    visits.set(schema, fields);
  }
  return fields;
}

const answers = new WeakMap<Schema, boolean>();

function mayDefault(schema: Schema): boolean {
  let answer = answers.get(schema);
  if (answer === undefined) {
    answer = reachesDefault(schema, new Set());
    answers.set(schema, answer);
  }
  return answer;
}

function reachesDefault(schema: Schema, seen: Set<Schema>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.type === 'list') return reachesDefault(schema.items, seen);
  if (schema.type === 'map') return reachesDefault(schema.values, seen);
  if (schema.type !== 'struct') return false;
  return Object.values(schema.fields).some(
    (field) => field.default !== undefined || reachesDefault(field.schema, seen),
  );
}
