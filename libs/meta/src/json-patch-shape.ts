import { cannotUnmarshal } from './decode-words.ts';
import { goQuoted, valueKind } from './go-words.ts';
import type { Json } from './object.ts';
import { isObject, type JsonObject } from './value.ts';

const MEMBERS: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);
const TEXTS = ['op', 'path', 'from'] as const;

/**
 * Why data is no JSON patch, in Go's words; undefined where it is one. compat: fields are looked at only under a validation of fields (`isChecked`);
 * a null is a patch that does nothing.
 */
export function whyNoJsonPatch(patch: Json, isChecked: boolean): string | undefined {
  const [listType, itemType] = isChecked
    ? ['[]handlers.jsonPatchOp', 'handlers.jsonPatchOp']
    : ['jsonpatch.Patch', 'jsonpatch.Operation'];
  if (patch === null) return undefined;
  if (!Array.isArray(patch)) return cannotUnmarshal(valueKind(patch), 'Go value', listType);
  for (const operation of patch) {
    if (operation === null) continue;
    if (!isObject(operation)) return cannotUnmarshal(valueKind(operation), 'Go value', itemType);
    const wrong = isChecked && Object.keys(operation).find((key) => isWrong(operation, key));
    if (wrong) return cannotUnmarshal(valueKind(operation[wrong]!), `Go struct field jsonPatchOp.${wrong}`, 'string');
  }
  return undefined;
}

function isWrong(operation: JsonObject, key: string): boolean {
  if (!TEXTS.includes(key as (typeof TEXTS)[number])) return false;
  return operation[key] !== null && typeof operation[key] !== 'string';
}

/** `unknown field "[1].foo"`: what no operation has. */
export function unknownInJsonPatch(patch: Json): readonly string[] {
  if (!Array.isArray(patch)) return [];
  return patch.flatMap((operation, i) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter((key) => !MEMBERS.has(key))
      .map((key) => `unknown field ${goQuoted(`[${i}].${key}`)}`),
  );
}
