import type { Json } from './object.ts';
import { deepEqual, isObject } from './value.ts';

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
  const identity = (item: Json): Json | undefined => (mergeKey !== undefined && isObject(item) ? item[mergeKey] : item);
  const placeIn = (list: readonly Json[], item: Json): number =>
    list.findIndex((other) => deepEqual(identity(other), identity(item)));
  const placed = merged.map((item) => ({ item, place: placeIn(order, item), at: placeIn(live, item) }));
  const named = placed.filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place);
  const others = placed.filter(({ place }) => place < 0);
  const out: Json[] = [];
  while (named.length > 0 && others.length > 0) out.push((others[0]!.at < named[0]!.at ? others : named).shift()!.item);
  return [...out, ...named.map((n) => n.item), ...others.map((o) => o.item)];
}
