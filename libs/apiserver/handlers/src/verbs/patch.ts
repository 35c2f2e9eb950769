import {
  bareType,
  type CacheEntry,
  type Draft,
  decodePatch,
  growsMuch,
  isLarge,
  isLargeBody,
  type MergedKind,
  patchedObject,
  patchKindOf,
  type ReadPatch,
} from '@kubernest/apiserver/codec';
import { settleIdentity, updateObject, type Written } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { type KubeObject, onceDone, promptly } from '@kubernest/meta';
import { writeCallOf } from '../requests/request-call.ts';
import { fieldValidationOf } from '../requests/write-options.ts';
import { apply, type PatchRequest } from './apply.ts';
import { destinationOf, outcomeOf, type Verb, type VerbParts } from './verb.ts';

export const patch: Verb = async (parts, { admitted, resource }, ctx) => {
  const { request, info, user } = admitted;
  const { definition } = resource;
  const to = parts.answers.to(request, resource);
  const kind = patchKindOf(bareType(request.headers['content-type']), definition);
  const bytes = await request.body();
  const isLargePatch = isLargeBody(bytes, kind === 'apply' ? 'yaml' : 'json');
  const call = writeCallOf(admitted, resource, { large: isLargePatch || isLarge(bytes.length) });
  const fieldValidation = fieldValidationOf(call.options, info);
  const sent = { user, bytes, definition, fieldValidation, warn: call.warn ?? (() => {}) };
  const asked: PatchRequest = { admitted, resource, call, sent, isLargePatch };
  const written = await (kind === 'apply' ? apply(parts, asked, ctx) : merge(parts, { asked, kind }, ctx));
  return parts.answers.one(to, outcomeOf(written), ctx);
};

/** All patches that say what to change. */
function merge(
  parts: VerbParts,
  { asked, kind }: { readonly asked: PatchRequest; readonly kind: MergedKind },
  ctx: Context,
): Promise<Written> {
  const { call, sent, isLargePatch } = asked;
  const { bytes, definition, fieldValidation, warn } = sent;
  const { namespace, name } = asked.admitted.info;
  let read: ReadPatch | undefined;
  const patched = (base: KubeObject, entry: CacheEntry): KubeObject | Promise<KubeObject> => {
    // compat: a patch of what is not there is not even read.
    if (!isLargePatch) read ??= decodePatch(kind, bytes, fieldValidation !== 'Ignore');
    if (!read || isLargeBody(entry.bytes, 'json') || growsMuch(read.patch))
      return parts.bodies.patched({ kind, base: entry.bytes }, sent, ctx);
    return promptly(patchedObject({ kind, base, read, expected: definition, fieldValidation, warn }));
  };
  const checked = (object: KubeObject): Draft => {
    settleIdentity(object, destinationOf(asked));
    return object as Draft;
  };
  const next = (base: KubeObject, entry: CacheEntry): Draft | Promise<Draft> => onceDone(patched(base, entry), checked);
  return updateObject(parts.engine, { call, namespace, name: name!, next }, ctx);
}
