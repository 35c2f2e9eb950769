import type { AdmissionCall, StandIn } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { clone } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';

/** The same call, with what stands for its objects. */
export function asStandIn({ kind, of }: StandIn, call: AdmissionCall): AdmissionCall {
  return { ...call, kind, object: call.object && of(call.object), old: call.old && of(call.old) };
}

/** Plugins change what stands for the object before it becomes a change of the object, of which nothing else is theirs. */
export function putStandIn(write: DraftWrite, ctx: Context): Promise<void> | undefined {
  const { standIn } = write.call;
  return standIn && put(standIn, write, ctx);
}

async function put(standIn: StandIn, write: DraftWrite, ctx: Context): Promise<void> {
  const { engine, draft, admissionCall } = write;
  const object = clone(standIn.wanted(draft));
  await engine.admission.mutate({ ...asStandIn(standIn, admissionCall), object }, ctx);
  standIn.put(object, draft);
  // It may have made the place where it stands.
  write.admissionChanged = true;
}
