import {
  type AppliedConfiguration,
  appliedObject,
  bareType,
  decodePatch,
  patchedObject,
  patchKindOf,
  type ReadPatch,
  readApplied,
} from '@kubernest/apiserver/codec';
import type { ApiRequest, Expected, Patching } from '@kubernest/apiserver/contract';
import { applyTermsOf, type Destination, settleIdentity, type WriteCall } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { apiVersionOf, atOnce, type KubeObject, queryFlag } from '@kubernest/meta';
import { fieldValidationOf } from '../requests/write-options.ts';

interface Patched {
  readonly request: ApiRequest;
  readonly call: WriteCall;
  readonly expected: Expected;
  readonly destination: Destination;
}

/** The patch of what a subresource has in the place of its object. */
export async function patchingOf(patched: Patched, ctx: Context): Promise<Patching<KubeObject>> {
  const { request, call, expected, destination } = patched;
  const kind = patchKindOf(bareType(request.headers['content-type']), call.resource.definition);
  const bytes = await request.body();
  if (kind === 'apply') return { isApply: true, of: applying(patched, bytes, ctx) };
  const { fieldValidation, warn } = decodingOf(call);
  let read: ReadPatch | undefined;
  return {
    isApply: false,
    of(base) {
      read ??= decodePatch(kind, bytes, fieldValidation !== 'Ignore');
      const object = atOnce(patchedObject({ kind, base, read, expected, fieldValidation, warn }));
      settleIdentity(object, destination);
      return object;
    },
  };
}

function applying({ request, call, expected, destination }: Patched, bytes: Uint8Array, ctx: Context) {
  const { fieldValidation, warn } = decodingOf(call);
  const ofObject = applyTermsOf(call, queryFlag(request.query.get('force')), ctx);
  const terms = { ...ofObject, apiVersion: apiVersionOf(expected), ignore: undefined };
  let read: AppliedConfiguration | undefined;
  return (live: KubeObject): KubeObject => {
    read ??= atOnce(
      readApplied(decodePatch('apply', bytes, fieldValidation !== 'Ignore'), { expected, fieldValidation, warn }),
    );
    const object = atOnce(appliedObject({ ...read, live, expected, terms }));
    const { config } = read;
    settleIdentity({ ...config, metadata: { ...config.metadata } }, { ...destination, mayOmitName: true });
    return object;
  };
}

const decodingOf = (call: WriteCall) => ({
  fieldValidation: fieldValidationOf(call.options, call.info),
  warn: call.warn ?? (() => {}),
});
