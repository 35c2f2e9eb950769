import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { schemaOfField } from './field-set-of.ts';
import { elementOf, isAssociative, keysOf } from './list-items.ts';
import type { Json, KubeObject } from './object.ts';
import { elementText, type PathElement, pathText } from './path-element.ts';
import type { ListSchema, Schema } from './schema.ts';
import { StatusError } from './status-error.ts';
import { isObject, type JsonObject } from './value.ts';

const untyped: Schema = { type: 'any' };

/**
 * Refuses a configuration that cannot be merged: with fields that its schema does not declare, two items of a list under one key, or an item
 * without any. compat: 500, without a reason.
 */
export function checkConfiguration(schema: Schema, config: KubeObject): void {
  const faults: string[] = [];
  check({ schema, preserves: false, path: [] }, config as unknown as Json, faults);
  if (faults.length === 0) return;
  const { apiVersion = '', kind, metadata } = config;
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  const subject = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${groupVersion}, Kind=${kind}`;
  const why = faults.length === 1 ? faults[0] : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
  throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${why}`);
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
  if (value === null || typeof value !== 'object' || faults.length >= MOST_TOLD_FAULTS) return;
  if (schema.type === 'struct' && schema.wire !== undefined) return;
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
    const element = elementOf(schema, item);
    if (seen.has(element)) faults.push(`${pathText(path)}: duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    check({ ...spot, schema: schema.items, path: [...path, element] }, item, faults);
  }
}

function whyUnnamed(schema: ListSchema, item: Json): string | undefined {
  if (schema.listType !== 'map' || !schema.keys) {
    return item === null ? "associative list without keys has an element that's an explicit null" : undefined;
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isObject(item)) return 'associative list with keys may not have non-map elements';
  if (keysOf(schema, item).length > 0) return undefined;
  const keys = schema.keys.map((key) => JSON.stringify(key)).join(' ');
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}
