import type { Json } from './object.ts';
import { isObject, shownJson } from './value.ts';

/** Tells values apart in a Map or Set: the same text for what is equal. Keys and items of sets are scalars; whatever else is sent compares as JSON. */
export function identityOf(value: Json | undefined): string {
  if (typeof value === 'string') return `s${value}`;
  return typeof value === 'object' && value !== null ? `j${shownJson(value, Number.POSITIVE_INFINITY)}` : String(value);
}

/**
 * Orders a merged list: what the client named in `order` comes in the client's order; what only the server has keeps its order in
 * `live`, and comes before a named item only where it did so in `live`. An item that is new so comes before the server's.
 */
export function mergeOrder(
  merged: readonly Json[],
  order: readonly Json[],
  live: readonly Json[],
  mergeKey?: string,
): Json[] {
  const identity = (item: Json): string => identityOf(mergeKey !== undefined && isObject(item) ? item[mergeKey] : item);
  const orderPlaces = places(order, identity);
  const livePlaces = places(live, identity);
  const placed = merged.map((item) => {
    const id = identity(item);
    return { item, place: orderPlaces.get(id) ?? -1, at: livePlaces.get(id) ?? -1 };
  });
  const named = placed.filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place);
  const others = placed.filter(({ place }) => place < 0);
  const out: Json[] = [];
  let n = 0;
  let o = 0;
  while (n < named.length && o < others.length)
    out.push(others[o]!.at < named[n]!.at ? others[o++]!.item : named[n++]!.item);
  for (; n < named.length; n++) out.push(named[n]!.item);
  for (; o < others.length; o++) out.push(others[o]!.item);
  return out;
}

/** Where each is met first. */
function places(list: readonly Json[], identity: (item: Json) => string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [i, item] of list.entries()) {
    const id = identity(item);
    if (!found.has(id)) found.set(id, i);
  }
  return found;
}
