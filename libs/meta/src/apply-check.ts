import { schemaOfField } from './field-set-of.ts';
import { elementOf, isAssociative, keysOf } from './list-items.ts';
import type { Json, KubeObject } from './object.ts';
import { elementText, pathText } from './path-element.ts';
import type { ListSchema, Schema } from './schema.ts';
import { StatusError } from './status-error.ts';
import { isObject } from './value.ts';

const untyped: Schema = { type: 'any' };

/** Refuses a configuration whose lists cannot be merged: two items under one key, or an item without any. compat: 500, without a reason. */
export function checkConfiguration(schema: Schema, config: KubeObject): void {
  const faults: string[] = [];
  check(schema, config as unknown as Json, [], faults);
  if (faults.length === 0) return;
  const { apiVersion = '', kind, metadata } = config;
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  const subject = `${metadata.namespace ?? ''}/${metadata.name ?? ''}; ${groupVersion}, Kind=${kind}`;
  const why = faults.length === 1 ? faults[0] : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
  throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${why}`);
}

/** Looks into atomic values as well: what is one value to managed fields still has its types. */
function check(schema: Schema, value: Json, path: readonly string[], faults: string[]): void {
  if (value === null || typeof value !== 'object') return;
  if (schema.type === 'struct' && schema.wire !== undefined) return;
  if (!Array.isArray(value))
    for (const key of Object.keys(value))
      check(schemaOfField(schema, key) ?? untyped, value[key]!, [...path, `f:${key}`], faults);
  else if (schema.type === 'list' && isAssociative(schema)) checkItems(schema, value, path, faults);
  else if (schema.type === 'list')
    for (const [i, item] of value.entries()) check(schema.items, item, [...path, `i:${i}`], faults);
}

function checkItems(schema: ListSchema, list: readonly Json[], path: readonly string[], faults: string[]): void {
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    const unnamed = whyUnnamed(schema, item);
    if (unnamed) {
      faults.push(`${pathText(path)}: element ${i}: ${unnamed}`);
      return;
    }
    const element = elementOf(schema, item);
    if (seen.has(element)) faults.push(`${pathText(path)}: duplicate entries for key ${elementText(element)}`);
    seen.add(element);
    check(schema.items, item, [...path, element], faults);
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
