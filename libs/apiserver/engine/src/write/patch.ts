import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  badRequest,
  decodeObject,
  isObject,
  type Json,
  type KubeObject,
  MOST_KEPT_LEVELS,
  type Schema,
  unsupportedMediaType,
} from '@kubernest/meta';

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

export const patchTypes: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** compat: what an unreadable patch's error begins with. */
const faultPrefixes: Readonly<Record<PatchKind, string>> = {
  json: 'error decoding patch: ',
  merge: 'error decoding patch: ',
  strategic: '',
  apply: 'error decoding YAML: ',
};

export function patchKindOf(bareType: string): PatchKind {
  const kind = Object.hasOwn(patchTypes, bareType) ? patchTypes[bareType] : undefined;
  if (!kind) throw unsupportedMediaType(Object.keys(patchTypes));
  return kind;
}

/** Reads a patch's text once; applying it may then happen several times. */
export function decodePatch(
  kind: PatchKind,
  bytes: Uint8Array,
  findDuplicates: boolean,
): { readonly patch: Json; readonly duplicates: readonly string[] } {
  const faultPrefix = faultPrefixes[kind];
  const { value, duplicates } = decodeObject(bytes, kind === 'apply' ? 'yaml' : 'json', {
    findDuplicates,
    faultPrefix,
    mostLevels: MOST_KEPT_LEVELS,
    yamlPrefix: 'error converting YAML to JSON: ',
  });
  if (kind === 'json' ? !Array.isArray(value) : value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw badRequest(`${faultPrefix}expected ${kind === 'json' ? 'an array of operations' : 'an object'}`);
  }
  return { patch: value, duplicates };
}

/** The patched object; `base` stays as it is. */
export function applyPatch(kind: Exclude<PatchKind, 'apply'>, base: KubeObject, patch: Json, schema: Schema): Json {
  const original = base as unknown as Json;
  switch (kind) {
    case 'json':
      return applyJsonPatch(original, patch);
    case 'merge':
      return applyMergePatch(original, patch);
    default:
      return applyStrategicMergePatch(original, patch, schema);
  }
}

const MANY_COPIES = 8;

/** A JSON patch of a few bytes that doubles an object again and again. */
export function growsMuch(patch: Json): boolean {
  if (!Array.isArray(patch) || patch.length <= MANY_COPIES) return false;
  return patch.filter((operation) => isObject(operation) && operation['op'] === 'copy').length > MANY_COPIES;
}
