import { isObject, type Json, type JsonObject } from '@kubernest/meta';

/** No API that people can use nests deeper. */
export const MOST_LEVELS = 64;

const isDeeper = (value: Json | undefined, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)));

/** As many values as are walked through in one step; some ten times what people write. */
const MOST_VALUES = 20_000;

/** More than may be read in one step. */
export function isVast(value: Json | undefined): boolean {
  const waiting: (Json | undefined)[] = [value];
  for (let seen = 0; seen < MOST_VALUES; seen++) {
    if (waiting.length === 0) return false;
    if (waiting.length > MOST_VALUES) return true;
    const next = waiting.pop();
    if (typeof next === 'object' && next !== null) for (const key in next) waiting.push((next as JsonObject)[key]);
  }
  return true;
}

/** What a field must be to be taken; undefined: it is left out. */
export type Reader = (value: Json | undefined) => Json | undefined;

export const string: Reader = (value) => (typeof value === 'string' ? value : undefined);
export const number: Reader = (value) => (typeof value === 'number' ? value : undefined);
export const yes: Reader = (value) => (value === true ? value : undefined);
/** Anything, as long as whoever walks through it comes to its end. */
export const json: Reader = (value) => (isDeeper(value, MOST_LEVELS) ? undefined : value);
export const list: Reader = (value) => (Array.isArray(value) ? json(value) : undefined);
export const strings: Reader = (value) =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;

/** Of an object the fields that are known and the extensions (`x-…`), each read. */
export function fields(from: JsonObject, readers: Readonly<Record<string, Reader>>): JsonObject {
  return Object.fromEntries(
    Object.entries(from).flatMap(([key, value]) => {
      const read = Object.hasOwn(readers, key) ? readers[key] : key.startsWith('x-') ? json : undefined;
      const taken = read?.(value);
      return taken === undefined ? [] : [[key, taken]];
    }),
  );
}

/** Of a map the entries that could be read. */
export function record(value: Json | undefined, read: Reader): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const taken = read(each);
      return taken === undefined ? [] : [[key, taken]];
    }),
  );
}

export const objectsIn = (value: Json | undefined): [string, JsonObject][] =>
  Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
