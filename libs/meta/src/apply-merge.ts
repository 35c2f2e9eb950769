import type { FieldSet } from './field-set.ts';
import { isAtomic, schemaOfField } from './field-set-of.ts';
import { elementOf } from './list-items.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
import { clone, isObject, type JsonObject, setKey } from './value.ts';

const untyped: Schema = { type: 'any' };

/** Lays an applied configuration over a live object. Items of lists keep the live order; new ones follow in the configuration's. */
export function mergeApplied(schema: Schema, live: Json | undefined, applied: Json): Json {
  if (live === undefined || applied === null || typeof applied !== 'object' || isAtomic(schema, applied))
    return clone(applied);
  if (Array.isArray(applied))
    return Array.isArray(live) ? mergeItems(schema as ListSchema, live, applied) : clone(applied);
  if (!isObject(live)) return clone(applied);
  const out = clone(live);
  for (const key of Object.keys(applied)) {
    const below = schemaOfField(schema, key) ?? untyped;
    setKey(out, key, mergeApplied(below, Object.hasOwn(live, key) ? live[key] : undefined, applied[key]!));
  }
  return out;
}

function mergeItems(schema: ListSchema, live: readonly Json[], applied: readonly Json[]): Json[] {
  const wanted = new Map(applied.map((item) => [elementOf(schema, item), item]));
  const out: Json[] = [];
  for (const item of live) {
    const element = elementOf(schema, item);
    const config = wanted.get(element);
    out.push(config === undefined ? clone(item) : mergeApplied(schema.items, item, config));
    wanted.delete(element);
  }
  for (const item of wanted.values()) out.push(clone(item));
  return out;
}

/** Drops the members of `gone` with all they hold. Undefined when that is everything. */
export function withoutFields(schema: Schema, value: Json, gone: FieldSet): Json | undefined {
  if (gone.member) return undefined;
  if (gone.children.size === 0 || value === null || typeof value !== 'object' || isAtomic(schema, value)) return value;
  return Array.isArray(value) ? withoutItems(schema as ListSchema, value, gone) : withoutEntries(schema, value, gone);
}

function withoutItems(schema: ListSchema, list: readonly Json[], gone: FieldSet): Json[] {
  return list.flatMap((item) => {
    const below = gone.children.get(elementOf(schema, item));
    const rest = below ? withoutFields(schema.items, item, below) : item;
    return rest === undefined ? [] : [rest];
  });
}

function withoutEntries(schema: Schema, value: JsonObject, gone: FieldSet): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(value)) {
    const below = gone.children.get(`f:${key}`);
    const rest = below ? withoutFields(schemaOfField(schema, key) ?? untyped, value[key]!, below) : value[key]!;
    if (rest !== undefined) setKey(out, key, rest);
  }
  return out;
}
