import { isObject, type Json } from '@kubernest/meta';

/** A value as JSON, the same for equal values: in order of keys, as Go writes maps. */
export const sortedJson = (value: Json): string => JSON.stringify(value, inOrder);

const inOrder = (_key: string, value: unknown): unknown =>
  isObject(value) && !JSON.isRawJSON(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
