import type { Json } from './object.ts';
import { keyElement, type PathElement, valueElement } from './path-element.ts';
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

export function elementOf(schema: ListSchema, item: Json): PathElement {
  return schema.listType === 'map' && schema.keys ? keyElement(keysOf(schema, item)) : valueElement(item);
}

const keyOrders = new WeakMap<ListSchema, readonly string[]>();

/** What tells the item apart. compat: a key that is absent and has no default is left out, which makes it another item. */
export function keysOf(schema: ListSchema, item: Json): [string, Json][] {
  let order = keyOrders.get(schema);
  if (!order) {
    order = [...(schema.keys ?? [])].sort();
    keyOrders.set(schema, order);
  }
  const found: [string, Json][] = [];
  for (const key of order) {
    const value = keyValue(schema, item, key);
    if (value !== undefined) found.push([key, value]);
  }
  return found;
}

/** An absent key counts as its default: a port without a protocol is a TCP port. */
function keyValue(schema: ListSchema, item: Json, key: string): Json | undefined {
  const value = isObject(item) ? item[key] : undefined;
  if (value !== undefined) return value;
  const fields = schema.items.type === 'struct' ? (schema.items as StructSchema).fields : {};
  return fields[key]?.default;
}
