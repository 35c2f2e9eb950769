import { emptyFieldSet, type FieldSet, fieldSetMember, fieldSetNode, isEmptyFieldSet } from './field-set.ts';
import { identify, isAssociative } from './list-items.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
import { isObject, type JsonObject, ownValue } from './value.ts';

/**
 * The fields that an applied configuration claims: every scalar, every atomic value, every item of a list and entry of a map; a struct only
 * when it is empty.
 */
export function fieldsClaimedBy(schema: Schema, value: Json): FieldSet {
  if (value === null || typeof value !== 'object' || isAtomic(schema, value)) return fieldSetMember;
  return Array.isArray(value) ? claimedItems(schema as ListSchema, value) : claimedEntries(schema, value as JsonObject);
}

/** Is the value one to managed fields, however much it holds? */
export function isAtomic(schema: Schema, value: Json): boolean {
  if ('atomic' in schema && schema.atomic) return true;
  if (schema.type === 'struct' && schema.wire !== undefined) return true;
  return Array.isArray(value) && !(schema.type === 'list' && isAssociative(schema));
}

function claimedItems(schema: ListSchema, list: readonly Json[]): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const { element, value } of identify(schema, list)) {
    children.set(element, asMember(fieldsClaimedBy(schema.items, value)));
  }
  return fieldSetNode(false, children);
}

function claimedEntries(schema: Schema, value: JsonObject): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    const below = schemaOfField(schema, key);
    const claimed = fieldsClaimedBy(below ?? untyped, item);
    const ownsItself =
      below === undefined || schema.type === 'map' || (isObject(item) && Object.keys(item).length === 0);
    const set = ownsItself ? asMember(claimed) : claimed;
    if (!isEmptyFieldSet(set)) children.set(`f:${key}`, set);
  }
  return children.size === 0 ? emptyFieldSet : fieldSetNode(false, children);
}

const asMember = (set: FieldSet): FieldSet => (set.member ? set : fieldSetNode(true, set.children));

const untyped: Schema = { type: 'any' };

/** What is known of a field or entry; undefined for what the schema does not name. */
export function schemaOfField(schema: Schema, key: string): Schema | undefined {
  if (schema.type === 'map') return schema.values;
  if (schema.type !== 'struct' && schema.type !== 'any') return undefined;
  return ownValue(schema.fields, key)?.schema ?? schema.others;
}
