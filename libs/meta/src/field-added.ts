import { fieldNamed, isAlwaysThere, isLeaf, schemaBelow } from './field-compare.ts';
import { emptyFieldSet, type FieldSet, fromFieldsV1 } from './field-set.ts';
import { elementOf } from './list-items.ts';
import type { Json } from './object.ts';
import { Recent } from './recent.ts';
import type { ListSchema, Schema } from './schema.ts';
import { isObject, isScalar, type JsonObject } from './value.ts';

/** By what the wire says of them. So few and so short that they take some ten megabytes at the very most. */
const recentSets = new Recent<FieldSet>({ texts: 128, length: 4096 });

/**
 * The fields of a new object: what `compareFields` finds added where nothing was. Of objects with the same fields it is the same set, so
 * that what is made of it is made once: those of a kind that come by the thousand have all the same.
 */
export function fieldsOfNew(schema: Schema, object: JsonObject): FieldSet {
  const text = entriesText(schema, object, true);
  return text === '' ? emptyFieldSet : recentSets.of(text, readSet);
}

const readSet = (text: string): FieldSet => fromFieldsV1(JSON.parse(text) as Json)!;

const MEMBER = '{}';

/** A node as the wire has it, in any order; nothing where it is no member and has none below. */
function nodeText(member: boolean, below: string): string {
  if (below === '') return member ? MEMBER : '';
  return member ? `{".":{},${below}}` : `{${below}}`;
}

/** `stood`: the container was there before, as of a field that Go always writes. */
function valueText(schema: Schema, value: Json, stood: boolean): string {
  if (isLeaf(schema, undefined, value)) return MEMBER;
  return Array.isArray(value)
    ? itemsText(schema as ListSchema, value, stood)
    : entriesText(schema, value as JsonObject, stood);
}

const recentNames = new Recent<string>();
const quotedName = (key: string): string => JSON.stringify(`f:${key}`);

function entriesText(schema: Schema, object: JsonObject, stood: boolean): string {
  let below = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const text = isScalar(value) ? MEMBER : fieldText({ schema, stood }, key, value);
    if (text !== '') below += `${below && ','}${recentNames.of(key, quotedName)}:${text}`;
  }
  return nodeText(!stood, below);
}

interface Container {
  readonly schema: Schema;
  readonly stood: boolean;
}

function fieldText({ schema, stood }: Container, key: string, value: Json): string {
  const field = fieldNamed(schema, key);
  const below = schemaBelow(schema, field);
  if (!stood || !isAlwaysThere(field)) return valueText(below, value, false);
  if (below.type === 'struct' && !below.atomic && isObject(value) && Object.keys(value).length === 0) return '';
  return valueText(below, value, true);
}

function itemsText(schema: ListSchema, list: readonly Json[], stood: boolean): string {
  const seen = new Set<string>();
  let below = '';
  for (const item of list) {
    const element = elementOf(schema, item);
    // Several under one key count as one value; of a key that is given again, the last counts.
    const text = seen.has(element) ? MEMBER : valueText(schema.items, item, false);
    seen.add(element);
    below += `${below && ','}${JSON.stringify(element)}:${text}`;
  }
  return nodeText(!stood, below);
}
