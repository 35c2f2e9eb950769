import type { Draft } from '@kubernest/apiserver/codec';
import type { CustomSchema } from '@kubernest/definitions';
import { type JsonObject, promptly, type Steps } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';

/** Only what watches an object says how it is, unless the kind has it otherwise. */
export function dropStatusSent({ call, draft }: DraftWrite): void {
  const { definition } = call.resource;
  if (definition.statusSubresource && definition.statusOnCreate !== 'kept') delete draft.status;
}

/**
 * compat: whoever judges a new object sees it without a status; whoever reads it, its writer too, sees the defaults of one. Built-in kinds
 * have none but those that they put right themselves.
 */
export function fillInDroppedStatus({ call, draft }: DraftWrite): void | Promise<void> {
  const { customSchema, statusSubresource } = call.resource.definition;
  if (customSchema && statusSubresource && draft.status === undefined) return promptly(fillIn(draft, customSchema));
}

function* fillIn(draft: Draft, customSchema: CustomSchema): Steps<void> {
  const bare: Partial<Draft> & JsonObject = {};
  yield* customSchema.fillDefaults(bare);
  if (bare.status !== undefined) draft.status = bare.status;
}
