import { isObject, type Json, ownValue } from '@kubernest/meta';

/** What tells an item of a list from others: the scalars under its keys; undefined where one is missing. */
export function keysOf(keys: readonly string[], item: Json): string | undefined {
  if (!isObject(item) || keys.length === 0) return undefined;
  const values: Json[] = [];
  for (const key of keys) {
    const value = ownValue(item, key);
    if (value === undefined || value === null || typeof value === 'object') return undefined;
    values.push(value);
  }
  return JSON.stringify(values);
}
