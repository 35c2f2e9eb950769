import { type Draft, fillDefaults, paced } from '@kubernest/apiserver/codec';
import type { ApiCore, Expected, Subresource, SubresourceCall } from '@kubernest/apiserver/contract';
import { admissionCallOf, type Destination, settleIdentity, type WriteCall } from '@kubernest/apiserver/storage';
import type { ResourceDefinition } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { writeCallOf } from '../requests/request-call.ts';
import { patchingOf } from '../verbs/patching.ts';
import { destinationOf, type ResourceRequest, type VerbParts } from '../verbs/verb.ts';

export interface SubresourceParts extends VerbParts {
  readonly core: Pick<ApiCore, 'read' | 'write'>;
}

interface Called extends ResourceRequest {
  /** Absent for a kind that is never stored. */
  readonly own?: Subresource;
}

/** What a subresource, or a kind that is never stored, is called with. */
export function subresourceCall(
  parts: SubresourceParts,
  { admitted, resource, own }: Called,
  ctx: Context,
): SubresourceCall {
  const { answers, bodies, core } = parts;
  const { request, info, user } = admitted;
  const { definition } = resource;
  const call = writeCallOf(admitted, resource, { passesOn: own?.connects !== undefined });
  const { fieldManager, dryRun, fence, options, warn, annotate } = call;
  const destination: Destination = {
    ...destinationOf({ admitted, resource }),
    otherName: own?.otherName,
    mayOmitName: own?.mayOmitName,
  };
  const settle = <T extends KubeObject>(object: T): T => {
    settleIdentity(object, destination);
    return object;
  };
  const type = own?.body ?? definition;
  return {
    request,
    info,
    user,
    definition,
    read: core.read,
    write: core.write,
    decode: async (expected) => settle((await bodies.decode(admitted, { expected }, ctx)) as never),
    patching: (expected) => patchingOf({ request, call, expected, destination }, ctx) as Promise<never>,
    encode: (status, object) => answers.other(request, { status, object, ...answerOf(own ?? {}, definition) }, ctx),
    writeAs: { user, fieldManager, dryRun, fence, request: { info, options, warn, annotate } },
    admit: (object, check, ctx) => admit(parts, { call, type, object, settle, check }, ctx),
  };
}

export function answerOf({ answer, body, columns }: Partial<Subresource>, definition: ResourceDefinition) {
  const ofDeclared = definition.customSchema !== undefined;
  return { type: answer ?? body ?? definition, columns: columns?.(definition), ofDeclared };
}

/** A body that is not stored, on its way through admission. */
interface Admitting<R> {
  readonly call: WriteCall;
  readonly type: Expected;
  readonly object: KubeObject;
  readonly settle: (object: KubeObject) => unknown;
  readonly check: () => R | Promise<R>;
}

/** What plugins changed gets its defaults again, and must still be what the path names. */
function admit<R>(parts: VerbParts, { call, type, object, settle, check }: Admitting<R>, ctx: Context): Promise<R> {
  const seen = admissionCallOf(call, 'create', { object, old: undefined, kind: type });
  const settled = async (hasChanged: boolean): Promise<R> => {
    if (hasChanged) {
      await paced(fillDefaults(type, object as Draft));
      settle(object);
    }
    return check();
  };
  return parts.engine.admission.admit(seen, settled, ctx);
}
