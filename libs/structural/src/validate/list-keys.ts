import { isObject, type Json, ownValue } from '@kubernest/meta';

/** What tells an item of a list from others: the scalars under its keys, as one text; undefined where one is missing. */
export function keysOf(keys: readonly string[], item: Json): string | undefined {
  if (!isObject(item) || keys.length === 0) return undefined;
  let text = '';
  for (const key of keys) {
    const value = ownValue(item, key);
    if (value === undefined || value === null || typeof value === 'object') return undefined;
    text += scalarText(value);
  }
  return text;
}

/** Another text for each: what stands before tells how long a text is, and of which type a value. */
export const scalarText = (value: string | number | bigint | boolean): string =>
  typeof value === 'string' ? `${value.length}"${value}` : `${value},`;
