import {
  appliedAcrossVersions,
  appliedObject,
  type Draft,
  decodePatch,
  isLargeBody,
  readApplied,
} from '@kubernest/apiserver/codec';
import { type ApplyOrder, applyObject, applyTermsOf, type WriteCall, type Written } from '@kubernest/apiserver/storage';
import type { Context } from '@kubernest/kit';
import { promptly, queryFlag } from '@kubernest/meta';
import type { SentPatch } from '../requests/request-bodies.ts';
import { destinationOf, type ResourceRequest, type VerbParts } from './verb.ts';

/** A PATCH, as far as it is the same for every sort of patch. */
export interface PatchRequest extends ResourceRequest {
  readonly call: WriteCall;
  readonly sent: SentPatch;
  /** The patch itself is for the thread. */
  readonly isLargePatch: boolean;
}

/** Server-side apply: a patch that says what its sender wants of the object. */
export async function apply({ engine, bodies }: VerbParts, asked: PatchRequest, ctx: Context): Promise<Written> {
  const { admitted, call, sent } = asked;
  const read = await readAtOnce(asked);
  const config = read?.config ?? (await bodies.patched({ kind: 'apply', base: undefined }, sent, ctx));
  const terms = applyTermsOf(call, queryFlag(admitted.request.query.get('force')), ctx);
  const applied: ApplyOrder['applied'] = (live, entry, converse) => {
    if (read && !(entry && isLargeBody(entry.bytes, 'yaml'))) {
      const application = { ...read, live, expected: sent.definition, terms };
      return converse ? appliedAcrossVersions(application, converse) : promptly(appliedObject(application));
    }
    // Warnings were sent when the configuration was read.
    const how = { ...sent, warn: () => {}, apply: terms };
    return bodies.patched({ kind: 'apply', base: entry?.bytes }, how, ctx) as Promise<Draft>;
  };
  return applyObject(engine, { call, config, destination: destinationOf(asked), applied }, ctx);
}

/** Undefined where the thread has to read it. */
async function readAtOnce({ isLargePatch, sent }: PatchRequest) {
  if (isLargePatch) return undefined;
  const { bytes, definition: expected, fieldValidation, warn } = sent;
  const patch = decodePatch('apply', bytes, fieldValidation !== 'Ignore');
  return promptly(readApplied(patch, { expected, fieldValidation, warn }));
}
