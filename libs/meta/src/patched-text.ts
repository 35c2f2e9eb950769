import type { Json } from './object.ts';
import { isObject, type JsonObject, setKey } from './value.ts';

/** compat: a value as JSON in Go's way: what a page of HTML could be ended with is escaped. */
export const goJson = (value: Json): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** compat: an object that a JSON patch made, as it is shown: the keys of what the patch went through are sorted. Keys only: the values are the same. */
export function shownAfterJsonPatch(value: Json, patch: Json): Json {
  if (!Array.isArray(patch)) return value;
  const touched: Touched = new Map();
  for (const operation of patch) {
    if (!isObject(operation)) continue;
    for (const path of [operation['path'], operation['from']]) if (typeof path === 'string') note(touched, path);
  }
  return sortTouched(value, touched);
}

type Touched = Map<string, Touched>;

function note(touched: Touched, path: string): void {
  let at = touched;
  for (const part of path.split('/').slice(1, -1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next = at.get(key) ?? new Map();
    at.set(key, next);
    at = next;
  }
}

function sortTouched(value: Json, touched: Touched): Json {
  if (Array.isArray(value))
    return value.map((item, i) => (touched.has(String(i)) ? sortTouched(item, touched.get(String(i))!) : item));
  return sortKeys(value, (key, item) => (touched.has(key) ? sortTouched(item, touched.get(key)!) : item));
}

/** The same of a merge patch, all of whose own objects are sorted too. */
export function shownAfterMergePatch(value: Json, patch: Json): Json {
  if (!isObject(patch)) return sortAll(value);
  return sortKeys(value, (key, item) => (Object.hasOwn(patch, key) ? shownAfterMergePatch(item, patch[key]!) : item));
}

const sortAll = (value: Json): Json =>
  Array.isArray(value) ? value.map(sortAll) : sortKeys(value, (_key, item) => sortAll(item));

function sortKeys(value: Json, of: (key: string, item: Json) => Json): Json {
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const key of Object.keys(value).sort()) setKey(out, key, of(key, value[key]!));
  return out;
}
