import { type Draft, paced } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { clone, cloneInSteps, isNotFound, type KubeObject } from '@kubernest/meta';
import type { Engine } from '../engine.ts';
import type { AdmissionChain } from './admission-chain.ts';
import { createObject } from './create.ts';
import { updateObject } from './update.ts';
import type { WriteCall, Written } from './write-call.ts';

export interface ReplaceOrder {
  readonly call: WriteCall;
  readonly body: KubeObject;
}

/** PUT. Where the kind allows it, a missing object is created. */
export async function replaceObject(
  engine: Engine,
  admission: AdmissionChain,
  { call, body }: ReplaceOrder,
  ctx: Context,
): Promise<Written> {
  const { info, resource } = call;
  const { resourceVersion } = body.metadata;
  const order = {
    call,
    namespace: info.namespace,
    name: info.name!,
    next: () => (call.large ? paced(cloneInSteps(body as Draft)) : (clone(body) as Draft)),
    onlyOnce: !!resourceVersion,
  };
  try {
    return await updateObject(engine, admission, order, ctx);
  } catch (error) {
    const creates = resource.definition.createOnUpdate && info.subresource === '' && !resourceVersion;
    if (!isNotFound(error) || !creates) throw error;
    return createObject(engine, admission, { call, draft: clone(body) as Draft }, ctx);
  }
}
