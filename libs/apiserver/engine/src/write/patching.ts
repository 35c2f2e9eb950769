import type { KubeObject } from '@kubernest/meta';
import { bareType } from '../codec/decode-body.ts';
import type { ApiRequest, Expected } from '../contract/index.ts';
import { type MergedKind, patchKindOf } from './patch.ts';
import { patchedObject } from './patched-object.ts';
import { decodePatch, type ReadPatch } from './read-patch.ts';
import type { WriteCall } from './write-call.ts';
import { fieldValidationOf } from './write-options.ts';

/** A subresource's patch. `applied`: as what an applied configuration is merged there. The patch is read once there is something to patch. */
export async function patchingOf(
  { request, call }: { readonly request: ApiRequest; readonly call: WriteCall },
  expected: Expected,
  applied: MergedKind,
): Promise<(base: KubeObject) => KubeObject> {
  const kind = patchKindOf(bareType(request.headers['content-type']), call.resource.definition);
  const bytes = await request.body();
  const fieldValidation = fieldValidationOf(call.options, call.info);
  const warn = call.warn ?? (() => {});
  let read: ReadPatch | undefined;
  return (base) => {
    read ??= decodePatch(kind, bytes, fieldValidation !== 'Ignore');
    return patchedObject({ kind: kind === 'apply' ? applied : kind, base, read, expected, fieldValidation, warn });
  };
}
