import type { Json } from './object.ts';
import { badRequest } from './status-error.ts';
import { clone, isObject, type JsonObject, setKey } from './value.ts';

/** RFC 7386. The result shares nothing with either argument. An object can only be patched by an object (400). */
export function applyMergePatch(original: Json, patch: Json): Json {
  if (!isObject(patch)) throw badRequest('error decoding patch: a merge patch must be a JSON object');
  return merge(clone(original), patch);
}

function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return clone(patch);
  const out: JsonObject = isObject(target) ? target : {};
  for (const key of Object.keys(patch)) {
    const value = patch[key]!;
    if (value === null) delete out[key];
    else setKey(out, key, merge(Object.hasOwn(out, key) ? out[key] : undefined, value));
  }
  return out;
}
