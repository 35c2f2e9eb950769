import { fieldNamed, isAlwaysThere, isLeaf, schemaBelow } from './field-compare.ts';
import { type FieldSet, fieldSetMember, fieldSetNode } from './field-set.ts';
import { elementOf } from './list-items.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
import { isObject, isScalar, type JsonObject } from './value.ts';

/** The fields of a new object: what `compareFields` finds added where nothing was, for half of the price. */
export function fieldsOfNew(schema: Schema, object: JsonObject): FieldSet {
  return entriesOf(schema, object, true);
}

/** `stood`: the container was there before, as of a field that Go always writes. */
function fieldsOf(schema: Schema, value: Json, stood: boolean): FieldSet {
  if (isLeaf(schema, undefined, value)) return fieldSetMember;
  return Array.isArray(value)
    ? itemsOf(schema as ListSchema, value, stood)
    : entriesOf(schema, value as JsonObject, stood);
}

function entriesOf(schema: Schema, object: JsonObject, stood: boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const fields = isScalar(value) ? fieldSetMember : fieldOf({ schema, stood }, key, value);
    if (fields) children.set(`f:${key}`, fields);
  }
  return fieldSetNode(!stood, children);
}

interface Container {
  readonly schema: Schema;
  readonly stood: boolean;
}

function fieldOf({ schema, stood }: Container, key: string, value: Json): FieldSet | undefined {
  const field = fieldNamed(schema, key);
  const below = schemaBelow(schema, field);
  if (!stood || !isAlwaysThere(field)) return fieldsOf(below, value, false);
  if (below.type === 'struct' && !below.atomic && isObject(value) && Object.keys(value).length === 0) return undefined;
  return fieldsOf(below, value, true);
}

function itemsOf(schema: ListSchema, list: readonly Json[], stood: boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const item of list) {
    const element = elementOf(schema, item);
    // Several under one key count as one value.
    const isFirst = !children.has(element);
    children.set(element, isFirst ? fieldsOf(schema.items, item, false) : fieldSetMember);
  }
  return fieldSetNode(!stood, children);
}
