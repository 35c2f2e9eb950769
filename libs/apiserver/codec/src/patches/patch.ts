import type { Expected } from '@kubernest/apiserver/contract';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  isObject,
  type Json,
  type KubeObject,
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

export type MergedKind = Exclude<PatchKind, 'apply'>;

/** Throws 415. compat: what is declared has no type by which a strategic patch could be merged. */
export function patchKindOf(bareType: string, { customSchema }: Pick<Expected, 'customSchema'>): PatchKind {
  const kind = Object.hasOwn(patchTypes, bareType) ? patchTypes[bareType] : undefined;
  if (kind && !(customSchema && kind === 'strategic')) return kind;
  const taken = Object.keys(patchTypes).filter((type) => !customSchema || patchTypes[type] !== 'strategic');
  throw unsupportedMediaType(taken);
}

/** The patched data, of whatever types; `base` stays as it is. */
export function applyPatch(kind: MergedKind, base: KubeObject, patch: Json, schema: Schema): Json {
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
