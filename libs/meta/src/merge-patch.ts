import type { Json } from './object.ts';
import { clone, isObject, type JsonObject, setKey } from './value.ts';

/** RFC 7386. The result shares nothing with either argument. */
export const applyMergePatch = (original: Json, patch: Json): Json => merge(clone(original), patch);

function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return withoutNulls(patch);
  const out: JsonObject = isObject(target) ? target : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key]!;
    if (value === null) delete out[key];
    else setKey(out, key, merge(Object.hasOwn(out, key) ? out[key] : undefined, value));
  }
  return out;
}

/** compat: nulls leave the objects of a list too, though nothing of them is patched. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? merge(undefined, item) : withoutNulls(item)));
  return clone(value);
}
