import type { FieldSet } from './field-set.ts';
import { isAtomic, schemaOfField } from './field-set-of.ts';
import { elementOf } from './list-items.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
import { clone, isObject, type JsonObject, setKey } from './value.ts';

const untyped: Schema = { type: 'any' };

/**
 * Lays an applied configuration over a live object. Nothing is removed: what is empty or null replaces only what is one value, or nothing.
 * Of lists whose items are told apart the configuration's order wins; items that only the live list has keep their neighbours.
 */
export function mergeApplied(schema: Schema, live: Json | undefined, applied: Json): Json {
  if (live === undefined || isAtomic(schema, applied) || isAtomic(schema, live)) return clone(applied);
  if (applied === null) return isFilled(live) ? clone(live) : null;
  if (Array.isArray(applied))
    return Array.isArray(live) && live.length > 0 ? mergeItems(schema as ListSchema, live, applied) : clone(applied);
  if (!isObject(applied) || !isObject(live)) return clone(applied);
  const out = clone(live);
  for (const key of Object.keys(applied)) {
    const below = schemaOfField(schema, key) ?? untyped;
    setKey(out, key, mergeApplied(below, Object.hasOwn(live, key) ? live[key] : undefined, applied[key]!));
  }
  return out;
}

const isFilled = (value: Json): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;

function mergeItems(schema: ListSchema, live: readonly Json[], applied: readonly Json[]): Json[] {
  const present = new Map<string, Json | undefined>();
  const elements = live.map((item) => {
    const element = elementOf(schema, item);
    // Items under one key are not merged into: the applied item replaces them all.
    present.set(element, present.has(element) ? undefined : item);
    return element;
  });
  const pending = applied.map((item) => ({ element: elementOf(schema, item), item }));
  const wanted = new Set(pending.map(({ element }) => element));
  const shared = pending.map(({ element }) => element).filter((element) => present.has(element));
  const out: Json[] = [];
  let taken = 0;
  const take = (): void => {
    const { element, item } = pending[taken++]!;
    out.push(mergeApplied(schema.items, present.get(element), item));
  };
  let met = 0;
  for (const [i, element] of elements.entries()) {
    if (!wanted.has(element)) out.push(clone(live[i]!));
    else if (element === shared[met]) {
      while (pending[taken]!.element !== element) take();
      take();
      met++;
    }
    // compat: a live duplicate, met when every shared item has its place, lets one more applied item in.
    else if (met === shared.length && taken < pending.length) take();
  }
  while (taken < pending.length) take();
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
