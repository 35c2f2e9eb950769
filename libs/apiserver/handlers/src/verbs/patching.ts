import {
  bareType,
  decodePatch,
  type MergedKind,
  patchedObject,
  patchKindOf,
  type ReadPatch,
} from '@kubernest/apiserver/codec';
import type { ApiRequest, Expected } from '@kubernest/apiserver/contract';
import type { WriteCall } from '@kubernest/apiserver/storage';
import type { KubeObject } from '@kubernest/meta';
import { fieldValidationOf } from '../requests/write-options.ts';

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
