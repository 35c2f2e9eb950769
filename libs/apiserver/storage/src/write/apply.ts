import type { ApplyTerms, CacheEntry, Converse, Draft } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { conflict, type KubeObject } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { createObject } from './create.ts';
import { type Destination, settleIdentity } from './identity.ts';
import { converseFor } from './other-versions.ts';
import { ownershipOf } from './ownership.ts';
import { updateIfPresent, updateObject } from './update.ts';
import type { WriteCall, Written } from './write-call.ts';

export interface ApplyOrder {
  readonly call: WriteCall;
  readonly config: KubeObject;
  readonly destination: Destination;
  /** The configuration laid over what is stored, or over nothing. `converse`: where fields of it are owned in other versions. */
  applied(
    live: KubeObject | undefined,
    entry: CacheEntry | undefined,
    converse: Converse | undefined,
  ): Draft | Promise<Draft>;
}

/** Server-side apply: changes what is there, creates what is not. */
export async function applyObject(engine: WriteEngine, order: ApplyOrder, ctx: Context): Promise<Written> {
  const { call } = order;
  const { info } = call;
  const next = (live: KubeObject | undefined, entry: CacheEntry | undefined): Draft | Promise<Draft> => {
    const draft = order.applied(live, entry, live && converseFor(engine, call.resource, live, ctx));
    if (draft instanceof Promise) return draft.then((made) => nameChecked(made, order, live));
    return nameChecked(draft, order, live);
  };
  const update = { call, namespace: info.namespace, name: info.name!, next, tracked: true };
  if (info.subresource !== '') return updateObject(engine, update, ctx);
  const updated = await updateIfPresent(engine, update, ctx);
  return updated ?? createApplied(engine, order, await next(undefined, undefined), ctx);
}

function createApplied(
  engine: WriteEngine,
  { call, config }: ApplyOrder,
  draft: Draft,
  ctx: Context,
): Promise<Written> {
  const { uid } = config.metadata;
  if (uid) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict({ ...call.resource.subject, name: call.info.name! }, why);
  }
  return createObject(engine, { call, draft, owned: draft.metadata.managedFields }, ctx);
}

/** compat: what a configuration calls itself is looked at when all else is well with it; of what is there its name may be left out. */
function nameChecked(draft: Draft, { config, destination }: ApplyOrder, live: KubeObject | undefined): Draft {
  const own = { ...config, metadata: { ...config.metadata } };
  settleIdentity(own, { ...destination, mayOmitName: live !== undefined });
  return draft;
}

/** By whom and as what this call applies. */
export function applyTermsOf(call: WriteCall, force: boolean, ctx: Context): ApplyTerms {
  const { resource, info } = call;
  const { namespaced } = resource.definition;
  const { schema: _, ...how } = ownershipOf(call, ctx);
  return { ...how, force, name: info.name, namespace: namespaced ? info.namespace : undefined };
}
