import { type Draft, paced } from '@kubernest/apiserver/codec';
import { checkPreconditions } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { clone, cloneInSteps, type KubeObject } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { createObject } from './create.ts';
import { updateIfPresent, updateObject } from './update.ts';
import { weighed } from './weigh.ts';
import type { WriteCall, Written } from './write-call.ts';

export interface ReplaceOrder {
  readonly call: WriteCall;
  readonly body: KubeObject;
}

/** PUT. Where the kind allows it, a missing object is created. */
export async function replaceObject(
  engine: WriteEngine,
  { call: asSent, body }: ReplaceOrder,
  ctx: Context,
): Promise<Written> {
  const call = weighed(asSent, body);
  const { info, resource } = call;
  const { resourceVersion, uid } = body.metadata;
  const copy = () => (call.large ? paced(cloneInSteps(body as Draft)) : (clone(body) as Draft));
  const order = {
    call,
    namespace: info.namespace,
    name: info.name!,
    next: copy,
    onlyOnce: !!resourceVersion,
  };
  const creates = resource.definition.allowCreateOnUpdate && info.subresource === '';
  if (!creates) return updateObject(engine, order, ctx);
  const updated = await updateIfPresent(engine, order, ctx);
  if (updated) return updated;
  // compat: nothing has no uid; no resource version is asked for.
  checkPreconditions({ ...resource.subject, name: info.name! }, { uid }, { uid: '' });
  return createObject(engine, { call, draft: await copy() }, ctx);
}
