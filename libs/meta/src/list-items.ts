import type { Json } from './object.ts';
import type { ListSchema, StructSchema } from './schema.ts';
import { isObject } from './value.ts';

export interface ListItem {
  /** `k:{"name":"web"}` or `v:"x"`. */
  readonly element: string;
  readonly value: Json;
}

/** Are the items told apart by what they are, and not by where they stand? */
export const isAssociative = (schema: ListSchema): boolean => schema.listType !== 'atomic';

/** The items of a set or map list with the path element of each. */
export function identify(schema: ListSchema, list: readonly Json[]): ListItem[] {
  return list.map((value) => ({ element: elementOf(schema, value), value }));
}

export function elementOf(schema: ListSchema, item: Json): string {
  if (schema.listType === 'map' && schema.keys) return `k:${keyJson(schema, item)}`;
  return `v:${JSON.stringify(item)}`;
}

const keyOrders = new WeakMap<ListSchema, readonly string[]>();

function keyJson(schema: ListSchema, item: Json): string {
  let keys = keyOrders.get(schema);
  if (!keys) {
    keys = [...(schema.keys ?? [])].sort();
    keyOrders.set(schema, keys);
  }
  const parts = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(keyValue(schema, item, key))}`);
  return `{${parts.join(',')}}`;
}

/** An absent key counts as its default: a port without a protocol is a TCP port. */
function keyValue(schema: ListSchema, item: Json, key: string): Json {
  const value = isObject(item) ? item[key] : undefined;
  if (value !== undefined) return value;
  const fields = schema.items.type === 'struct' ? (schema.items as StructSchema).fields : {};
  return fields[key]?.default ?? null;
}
