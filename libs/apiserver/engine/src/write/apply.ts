import type { Context } from '@kubernest/kit';
import { conflict, type KubeObject } from '@kubernest/meta';
import type { CacheEntry } from '../cache/cache-entry.ts';
import type { Engine } from '../engine.ts';
import type { AdmissionChain } from './admission-chain.ts';
import type { ApplyTerms } from './apply-terms.ts';
import { createObject } from './create.ts';
import { ownershipOf } from './finish.ts';
import { updateObject } from './update.ts';
import type { Draft, WriteCall, Written } from './write-call.ts';

export interface ApplyOrder {
  readonly call: WriteCall;
  readonly config: KubeObject;
  /** The configuration laid over what is stored, or over nothing. */
  applied(live: KubeObject | undefined, entry: CacheEntry | undefined): Draft | Promise<Draft>;
}

/** Server-side apply: changes what is there, creates what is not. */
export async function applyObject(
  engine: Engine,
  admission: AdmissionChain,
  { call, config, applied }: ApplyOrder,
  ctx: Context,
): Promise<Written> {
  const { info } = call;
  try {
    return await updateObject(
      engine,
      admission,
      { call, namespace: info.namespace, name: info.name!, next: applied, tracked: true },
      ctx,
    );
  } catch (error) {
    const missing = (error as { code?: number }).code === 404 && info.subresource === '';
    if (!missing) throw error;
    const draft = await applied(undefined, undefined);
    const { uid } = config.metadata;
    if (uid) {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict({ ...call.resource.subject, name: info.name! }, why);
    }
    return createObject(engine, admission, { call, draft, owned: draft.metadata.managedFields }, ctx);
  }
}

/** By whom and as what this call applies. */
export function applyTermsOf(call: WriteCall, force: boolean, ctx: Context): ApplyTerms {
  const { resource, info } = call;
  const { kind, version, namespaced } = resource.definition;
  const { schema: _, ...how } = ownershipOf(call, ctx);
  return { ...how, force, kind, version, name: info.name, namespace: namespaced ? info.namespace : undefined };
}
