import { MOST_TOLD_FAULTS } from './body-limits.ts';
import { cannotUnmarshal } from './decode-words.ts';
import { goQuoted, valueKind } from './go-words.ts';
import type { Json } from './object.ts';
import { type Place, pathOf } from './schema-place.ts';
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

/** `unknown field "[1].foo"`: what no operation has, as much of it as anybody is told. */
export function unknownInJsonPatch(patch: Json): readonly string[] {
  const unknown: string[] = [];
  for (const [i, operation] of (Array.isArray(patch) ? patch : []).entries()) {
    const parent: Place = { parent: undefined, key: i };
    for (const key in isObject(operation) ? operation : {}) {
      if (unknown.length >= MOST_TOLD_FAULTS) return unknown;
      if (!MEMBERS.has(key)) unknown.push(`unknown field ${goQuoted(pathOf({ parent, key }))}`);
    }
  }
  return unknown;
}
