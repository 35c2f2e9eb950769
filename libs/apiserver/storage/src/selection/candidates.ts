import type { CacheEntry } from '@kubernest/apiserver/codec';
import type { ResourceCache } from '../cache/resource-cache.ts';
import type { ResourceSelection } from './selection.ts';

/** All in `cache` that may be selected, in key order, from the first above `after`. */
export function candidates(
  cache: ResourceCache,
  { isEmpty, onlyKey, keyPrefix }: ResourceSelection,
  after?: string,
): readonly CacheEntry[] {
  if (isEmpty) return [];
  if (onlyKey === undefined) return cache.range(keyPrefix, after);
  const only = after === undefined || onlyKey > after ? cache.get(onlyKey) : undefined;
  return only ? [only] : [];
}
