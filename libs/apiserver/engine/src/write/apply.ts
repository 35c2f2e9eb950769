import type { Context } from '@kubernest/kit';
import { applyConfiguration, badRequest, decodeBySchema, type Json, type KubeObject } from '@kubernest/meta';
import type { Engine } from '../engine.ts';
import type { AdmissionChain } from './admission-chain.ts';
import { createObject } from './create.ts';
import { ownershipOf } from './finish.ts';
import { updateObject } from './update.ts';
import type { Draft, WriteCall, Written } from './write-call.ts';

export interface ApplyOrder {
  readonly call: WriteCall;
  /** Its types checked, nulls and empty values kept, without defaults. */
  readonly config: KubeObject;
  readonly force: boolean;
}

/** Server-side apply: changes what is there, creates what is not. */
export async function applyObject(
  engine: Engine,
  admission: AdmissionChain,
  order: ApplyOrder,
  ctx: Context,
): Promise<Written> {
  const { call } = order;
  const { info } = call;
  const next = (live: KubeObject): Draft => applied(order, live, ctx);
  try {
    return await updateObject(
      engine,
      admission,
      { call, namespace: info.namespace, name: info.name!, next, tracked: true },
      ctx,
    );
  } catch (error) {
    const missing = (error as { code?: number }).code === 404 && info.subresource === '';
    if (!missing || order.config.metadata.uid) throw error;
    const draft = applied(order, undefined, ctx);
    return createObject(engine, admission, call, draft, ctx, draft.metadata.managedFields);
  }
}

function applied({ call, config, force }: ApplyOrder, live: KubeObject | undefined, ctx: Context): Draft {
  const { definition } = call.resource;
  const { object, managedFields } = applyConfiguration({ live, config, force, ...ownershipOf(call, ctx) });
  // Merged with the configuration's nulls and empty values, which mean something there and are not stored.
  const draft = decodeBySchema(definition.schema, object as unknown as Json, definition).value as unknown as Draft;
  draft.metadata = { ...draft.metadata, name: call.info.name, managedFields };
  if (definition.namespaced) draft.metadata.namespace = call.info.namespace;
  return draft;
}

/** compat: apply without a manager's name is refused, as nobody could be the owner. */
export function checkApplyQuery(query: URLSearchParams): void {
  if (!query.get('fieldManager'))
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
}
