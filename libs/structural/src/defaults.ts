import { type FieldSchema, type Json, type JsonObject, Rests, type Schema, type Steps, setKey } from '@kubernest/meta';
import { Filling, type Growth, unbounded } from './filling.ts';
import { declaredMemberOf, itemOf, memberOf, reaching } from './parts.ts';

interface Visit {
  readonly value: Json;
  readonly schema: Schema;
}

const mayDefault = reaching(
  (schema) =>
    schema.default !== undefined ||
    ('fields' in schema && Object.values(schema.fields ?? {}).some((field) => field.default !== undefined)),
);

/**
 * Fills in, in place and at any depth, what is absent and has a default, and what is null where it may not be; no more than may be filled in.
 * Idempotent. Linear in the object and what is filled in, in steps.
 */
export function* applyDefaults(object: Json, schema: Schema, growth: Growth = unbounded): Steps<void> {
  const rests = new Rests();
  const filling = new Filling(growth);
  const left: Visit[] = [];
  const enter = (value: Json, known: Schema | undefined): void => {
    if (typeof value === 'object' && value !== null && known && mayDefault(known)) left.push({ value, schema: known });
  };
  enter(object, schema);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value } = next;
    if (Array.isArray(value)) {
      const items = itemOf(next.schema);
      for (let i = 0; i < value.length; i++) {
        if (rests.isDue()) yield;
        if (needsStandIn(value[i]!, items)) value[i] = (yield* filling.copyOf('', items.default)) ?? null;
        enter(value[i]!, items);
      }
      continue;
    }
    const members = value as JsonObject;
    for (const [key, field] of defaultedFields(next.schema)) {
      if (rests.isDue()) yield;
      if (Object.hasOwn(members, key)) continue;
      const copy = yield* filling.copyOf(key, field.default!);
      if (copy !== undefined) setKey(members, key, copy);
    }
    for (const key of Object.keys(members)) {
      if (rests.isDue()) yield;
      const member = memberOf(next.schema, key);
      if (needsStandIn(members[key]!, member))
        setKey(members, key, (yield* filling.copyOf(key, member.default)) ?? null);
      enter(members[key]!, member);
    }
  }
}

const needsStandIn = (value: Json, schema: Schema | undefined): schema is Schema & { readonly default: Json } =>
  value === null && schema?.default !== undefined && !schema.nullable;

type Fields = readonly (readonly [string, FieldSchema])[];
const known = new WeakMap<Schema, Fields>();

function defaultedFields(schema: Schema): Fields {
  let fields = known.get(schema);
  if (!fields) {
    const all = 'fields' in schema ? Object.entries(schema.fields ?? {}) : [];
    fields = all.filter(([, field]) => field.default !== undefined);
    known.set(schema, fields);
  }
  return fields;
}

/**
 * Takes out, in place, every null member that may be none and has no default to stand in for it; those of unknown members stay. Idempotent.
 * Linear, in steps.
 */
export function* dropNulls(object: Json, schema: Schema): Steps<void> {
  const rests = new Rests();
  const left: Visit[] = [{ value: object, schema }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value } = next;
    for (const key of Object.keys(value as JsonObject)) {
      if (rests.isDue()) yield;
      const item = (value as JsonObject)[key]!;
      const known = Array.isArray(value) ? itemOf(next.schema) : declaredMemberOf(next.schema, key);
      if (!known) continue;
      if (item === null && !Array.isArray(value) && !known.nullable && known.default === undefined)
        delete (value as JsonObject)[key];
      else if (typeof item === 'object' && item !== null) left.push({ value: item, schema: known });
    }
  }
}
