import type { Json } from './object.ts';
import { deepEqual, isObject } from './value.ts';

/**
 * Orders a merged list by `$setElementOrder`: what the client named comes in the client's order, what only the server had keeps its place
 * among the server's items.
 */
export function mergeOrder(merged: readonly Json[], order: readonly Json[], mergeKey: string | undefined): Json[] {
  const identity = (item: Json): Json | undefined => (mergeKey !== undefined && isObject(item) ? item[mergeKey] : item);
  const placeInOrder = (item: Json): number => order.findIndex((other) => deepEqual(identity(other), identity(item)));
  const named: { item: Json; place: number; at: number }[] = [];
  const others: { item: Json; at: number }[] = [];
  for (const [at, item] of merged.entries()) {
    const place = placeInOrder(item);
    if (place < 0) others.push({ item, at });
    else named.push({ item, place, at });
  }
  named.sort((a, b) => a.place - b.place);
  const out: Json[] = [];
  while (named.length > 0 && others.length > 0) out.push((named[0]!.at < others[0]!.at ? named : others).shift()!.item);
  return [...out, ...named.map((n) => n.item), ...others.map((o) => o.item)];
}
