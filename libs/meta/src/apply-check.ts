import { appliedSubject, metadataOf } from './applied-subject.ts';
import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { schemaOfField } from './field-set-of.ts';
import { goShown } from './go-print.ts';
import { keptInteger } from './json/long-integer.ts';
import { elementOf, isAssociative, keysOf } from './list-items.ts';
import type { Json } from './object.ts';
import { elementText, type PathElement, pathText } from './path-element.ts';
import type { ListSchema, Schema } from './schema.ts';
import { badRequest, StatusError } from './status-error.ts';
import { isObject, isScalar, type JsonObject } from './value.ts';
import { whyWrongType } from './wrong-type.ts';

const untyped: Schema = { type: 'any' };

/**
 * Refuses a configuration, as it was sent, that cannot be merged: with values of a wrong type, with fields that its schema does not declare,
 * two items of a list under one key, or an item without any. compat: 500, without a reason.
 */
export function checkConfiguration(schema: Schema, config: Json): void {
  const { managedFields } = metadataOf(config);
  if (Array.isArray(managedFields) && managedFields.every(isObject))
    throw badRequest('metadata.managedFields must be nil');
  const faults: string[] = [];
  check({ schema, preserves: false, path: [] }, config, faults);
  if (faults.length === 0) return;
  const why = faults.length === 1 ? faults[0] : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
  throw new StatusError(500, '', `failed to create typed patch object (${appliedSubject(config)}): ${why}`);
}

interface Spot {
  readonly schema: Schema;
  /** compat: what keeps unknown fields makes all that it holds keep them here, though not where it is stored; a type with a name is not reached. */
  readonly preserves: boolean;
  readonly path: readonly PathElement[];
}

/** Looks into atomic values as well: what is one value to managed fields still has its types. */
function check(spot: Spot, value: Json, faults: string[]): void {
  const { schema, path } = spot;
  if (value === null || faults.length >= MOST_TOLD_FAULTS) return;
  const wrong = whyWrongType(schema, value);
  if (wrong) faults.push(`${pathText(path)}: ${wrong}`);
  if (wrong || isScalar(value) || (schema.type === 'struct' && schema.wire !== undefined)) return;
  if (!Array.isArray(value)) checkFields(spot, value as JsonObject, faults);
  else if (schema.type === 'list' && isAssociative(schema)) checkItems(spot, schema, value, faults);
  else if (schema.type === 'list')
    for (const [i, item] of value.entries())
      check({ ...spot, schema: schema.items, path: [...path, `i:${i}`] }, item, faults);
}

function checkFields({ schema, preserves, path }: Spot, value: JsonObject, faults: string[]): void {
  const keeps =
    schema.type === 'struct' ? schema.preserveUnknownFields || (preserves && schema.name === undefined) : preserves;
  for (const key of Object.keys(value)) {
    const field = schemaOfField(schema, key);
    const below = [...path, `f:${key}`];
    if (!field && !keeps && declaresFields(schema)) {
      // compat: the first one is the last thing said of this struct.
      faults.push(`${pathText(below)}: field not declared in schema`);
      return;
    }
    check({ schema: field ?? untyped, preserves: keeps === true, path: below }, value[key]!, faults);
  }
}

/** compat: a struct without any takes all. */
const declaresFields = (schema: Schema): boolean => schema.type === 'struct' && Object.keys(schema.fields).length > 0;

function checkItems(spot: Spot, schema: ListSchema, list: readonly Json[], faults: string[]): void {
  const { path } = spot;
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    if (faults.length >= MOST_TOLD_FAULTS) return;
    const unnamed = whyUnnamed(schema, item);
    if (unnamed) {
      faults.push(`${pathText(path)}: element ${i}: ${unnamed}`);
      return;
    }
    const element = elementOf(schema, asKept(schema, item));
    if (seen.has(element)) faults.push(`${pathText(path)}: duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    check({ ...spot, schema: schema.items, path: [...path, element] }, item, faults);
  }
}

function whyUnnamed(schema: ListSchema, item: Json): string | undefined {
  if (schema.listType !== 'map' || !schema.keys) {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
    return isObject(item) ? "associative list without keys has an element that's a map type" : undefined;
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isObject(item)) return 'associative list with keys may not have non-map elements';
  if (keysOf(schema, item).length > 0) return undefined;
  const keys = schema.keys.map((key) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

/** As what the item will be kept: integers may be longer than that still. */
function asKept(schema: ListSchema, item: Json): Json {
  if (!isObject(item)) return plain(item);
  const keys = schema.keys?.filter((key) => !isPlain(item[key])) ?? [];
  return keys.length === 0 ? item : { ...item, ...Object.fromEntries(keys.map((key) => [key, plain(item[key]!)])) };
}

const isPlain = (value: unknown): boolean => isScalar(value) && typeof value !== 'bigint';
/** What is no scalar names nothing in the end: it is a fault where it stands. */
const plain = (value: Json): Json =>
  typeof value === 'bigint' ? keptInteger(value) : isScalar(value) ? value : goShown(value);
