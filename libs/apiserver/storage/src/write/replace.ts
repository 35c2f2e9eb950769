import { type Draft, paced } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { clone, cloneInSteps, isNotFound, type KubeObject } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { createObject } from './create.ts';
import { updateObject } from './update.ts';
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
  const { resourceVersion } = body.metadata;
  const copy = () => (call.large ? paced(cloneInSteps(body as Draft)) : (clone(body) as Draft));
  const order = {
    call,
    namespace: info.namespace,
    name: info.name!,
    next: copy,
    onlyOnce: !!resourceVersion,
  };
  try {
    return await updateObject(engine, order, ctx);
  } catch (error) {
    const creates = resource.definition.createOnUpdate && info.subresource === '' && !resourceVersion;
    if (!isNotFound(error) || !creates) throw error;
    return createObject(engine, { call, draft: await copy() }, ctx);
  }
}
