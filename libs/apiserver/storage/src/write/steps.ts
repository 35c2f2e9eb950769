import { breathe } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { badRequest, fieldInvalid, invalid } from '@kubernest/meta';
import type { DraftWrite } from './draft-write.ts';
import { dropStatusSent } from './dropped-status.ts';
import { finish } from './finish.ts';
import { type Change, checkNothingImmutable, checkVersion, keepOtherParts, keepWhatIsNotTheirs } from './kept-parts.ts';
import { begin, identify } from './new-object.ts';
import { dropRepeatedOwners } from './owner-references.ts';
import { putBackOwners, recordOwners } from './ownership.ts';
import { putStandIn } from './stand-in.ts';
import { weighed } from './weigh.ts';

/** One step of a write: changes the draft in place, or throws the refusal. */
type Step = (write: DraftWrite, ctx: Context) => void | Promise<void>;

/**
 * From a decoded draft with its defaults to what can be stored, in Kubernetes' order. Before them, whoever creates is asked whether they may;
 * after them comes one transaction, each attempt of which is joined and validated (`settle`).
 */
export const creating: readonly Step[] = [
  begin,
  dropRepeatedOwnersSent,
  recordOwners,
  mutate,
  dropRepeatedOwnersAdmitted,
  identify,
  warnAsSent,
  recordRequester,
  dropStatusSent,
  finish,
];

/** The same for a change, each time anew when somebody was faster. */
export const updating: readonly Step[] = [
  putStandIn,
  (write) => checkVersion(write as Change),
  (write) => checkNothingImmutable(write as Change),
  (write) => keepWhatIsNotTheirs(write as Change),
  dropRepeatedOwnersSent,
  recordOwners,
  mutate,
  dropRepeatedOwnersAdmitted,
  (write, ctx) => keepOtherParts(write as Change, ctx.clock.now()),
  finish,
];

/** Of a large object others get their turn between the steps. */
export async function takeSteps(steps: readonly Step[], write: DraftWrite, ctx: Context): Promise<void> {
  for (const step of steps) {
    const pending = step(write, ctx);
    if (pending) await pending;
    if (write.call.large) await breathe();
  }
}

/** compat: a patch is warned of it only after admission. */
function dropRepeatedOwnersSent({ call, draft, old }: DraftWrite): void {
  if (!old || call.info.verb === 'update') dropRepeatedOwners(call, draft, false);
}

function dropRepeatedOwnersAdmitted({ call, draft }: DraftWrite): void {
  dropRepeatedOwners(call, draft, true);
}

/** Plugins may change the draft, but neither which object it is nor, so that nobody can read it, who owns what. */
async function mutate(write: DraftWrite, ctx: Context): Promise<void> {
  const { engine, admissionCall, call, draft } = write;
  if (call.isAdmitted || call.standIn) return;
  const { name, namespace, uid, managedFields } = draft.metadata;
  write.admissionChanged = await engine.admission.mutate(admissionCall, ctx);
  if (!write.admissionChanged) return;
  write.call = weighed(call, draft);
  putBackOwners(write, managedFields);
  refuseMoved(write, { name, namespace, uid });
}

function refuseMoved(
  { call, draft, old }: DraftWrite,
  before: Pick<DraftWrite['draft']['metadata'], 'name' | 'namespace' | 'uid'>,
): void {
  const { group, kind } = call.resource.definition;
  if (!old && draft.metadata.namespace !== before.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const moved = (['name', 'namespace', 'uid'] as const).filter((field) => draft.metadata[field] !== before[field]);
  if (moved.length === 0) return;
  const faults = moved.map((field) => fieldInvalid(`metadata.${field}`, draft.metadata[field], 'field is immutable'));
  throw invalid({ group, kind, name: before.name ?? '' }, faults);
}

/** compat: of what is there before the kind puts it right. */
function warnAsSent({ call, draft }: DraftWrite): void {
  for (const text of (call.warn && call.resource.definition.warningsAsSent?.(draft)) ?? []) call.warn?.(text);
}

/** Nobody else says in whose name an object was made. */
function recordRequester({ call, draft }: DraftWrite): void {
  call.resource.definition.recordRequester?.(draft, call.user);
}
