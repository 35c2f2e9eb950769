import type { AdmissionCall, Joined } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import type { WriteEngine } from '../engine.ts';
import { asStandIn } from './stand-in.ts';
import type { WriteCall } from './write-call.ts';

interface Admitted {
  readonly call: WriteCall;
  /** Of the object itself. */
  readonly admissionCall: AdmissionCall;
}

/** The last of admission, for each attempt to store: what joins the transaction may change the object, and what is stored is what was validated. */
export async function settle(engine: WriteEngine, admitted: Admitted, ctx: Context): Promise<Joined | undefined> {
  const joined = await engine.admission.joins(admitted.admissionCall, ctx);
  try {
    await validate(engine, admitted, ctx);
  } catch (error) {
    joined?.lost?.();
    throw error;
  }
  return joined;
}

export function validate(
  { admission }: WriteEngine,
  { call, admissionCall }: Admitted,
  ctx: Context,
): Promise<void> | undefined {
  if (call.isAdmitted) return undefined;
  return admission.validate(call.standIn ? asStandIn(call.standIn, admissionCall) : admissionCall, ctx);
}
