import type { Draft } from '@kubernest/apiserver/codec';
import type { CustomSchema } from '@kubernest/definitions';
import { type JsonObject, type KubeObject, promptly, type Steps } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import type { WriteCall } from './write-call.ts';

/** Only what watches an object says how it is, unless the kind has it otherwise. */
export function dropStatusSent({ call, draft }: DraftWrite): void {
  const { definition } = call.resource;
  if (definition.statusSubresource && definition.statusOnCreate !== 'kept') delete draft.status;
}

/**
 * compat: whoever judges a new object sees it without a status; whoever reads it, its writer too, sees the defaults of one. Built-in kinds
 * have none but those that they put right themselves.
 */
export function withDroppedStatus(call: WriteCall, object: KubeObject): KubeObject | Promise<KubeObject> {
  const { customSchema, statusSubresource } = call.resource.definition;
  if (!customSchema || !statusSubresource || (object as Draft).status !== undefined) return object;
  return promptly(fillIn(object, customSchema));
}

function* fillIn(object: KubeObject, customSchema: CustomSchema): Steps<KubeObject> {
  const bare: Partial<Draft> & JsonObject = {};
  yield* customSchema.fillDefaults(bare);
  return bare.status === undefined ? object : ({ ...object, status: bare.status } as Draft);
}
