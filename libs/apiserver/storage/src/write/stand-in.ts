import type { AdmissionCall, StandIn } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import {
  apiVersionOf,
  clone,
  type KubeObject,
  type ManagedFieldsEntry,
  managedFieldsInSteps,
  promptly,
  wireTime,
} from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import { ownersOfObject, ownersOfStandIn, sharedField } from './stand-in-owners.ts';

/** The same call, with what stands for its objects. */
export function asStandIn(
  { kind, of }: StandIn,
  call: AdmissionCall,
  object = call.object && of(call.object),
): AdmissionCall {
  return { ...call, kind, object, old: call.old && of(call.old) };
}

/** Plugins change what stands for the object before it becomes a change of the object, of which nothing else is theirs. */
export function putStandIn(write: DraftWrite, ctx: Context): Promise<void> | undefined {
  const { standIn } = write.call;
  return standIn && put(standIn, write, ctx);
}

async function put(standIn: StandIn, write: DraftWrite, ctx: Context): Promise<void> {
  const { engine, call, draft, admissionCall } = write;
  const { managedFields } = draft.metadata;
  const field = sharedField(engine, call.resource, standIn);
  const standing = withOwners(standIn.of(draft), ownersOfStandIn(managedFields, field));
  const wanted = standIn.wanted(standing, draft);
  const owners = await ownersWanted(standIn, write, { standing, wanted }, ctx);
  const object = clone(withOwners(wanted, undefined));
  await engine.admission.mutate(asStandIn(standIn, admissionCall, object), ctx);
  standIn.put(object, draft);
  write.owned = ownersOfObject(managedFields, owners, field);
  // It may have made the place where it stands.
  write.admissionChanged = true;
}

/** Before admission, so that nobody owns what it adds. */
async function ownersWanted(
  { kind, isApplied }: StandIn,
  { call }: DraftWrite,
  { standing, wanted }: { readonly standing: KubeObject; readonly wanted: KubeObject },
  ctx: Context,
): Promise<readonly ManagedFieldsEntry[]> {
  if (isApplied) return wanted.metadata.managedFields ?? [];
  const apiVersion = apiVersionOf(kind);
  const how = { manager: call.fieldManager, apiVersion, subresource: call.info.subresource, schema: kind.schema };
  return promptly(managedFieldsInSteps({ old: standing, next: wanted, ...how, time: wireTime(ctx.clock.now()) }));
}

function withOwners(object: KubeObject, owners: readonly ManagedFieldsEntry[] | undefined): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: owners?.length ? { ...metadata, managedFields: owners } : metadata };
}
