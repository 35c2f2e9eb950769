import { type CacheEntry, isLarge, paced } from '@kubernest/apiserver/codec';
import type { Context } from '@kubernest/kit';
import { conflict, type KubeObject, notFound } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import { admissionCallOf } from './admission-call.ts';
import { commitObject } from './commit.ts';
import { unstoredEntry } from './create.ts';
import { planDeletion } from './delete.plan.ts';
import { type Outcome, optimistically } from './optimistic.ts';
import type { DeleteOptions } from './options.ts';
import type { WriteCall, Written } from './write-call.ts';

export interface DeleteOrder {
  readonly call: WriteCall;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Where it lies, where that is known: not where its name says if its kind was in other namespaces once. */
  readonly key?: string;
  readonly options: DeleteOptions;
}

/** Removes an object, or marks it and lets its finalizers finish. 404 where it is not there. */
export async function deleteObject(engine: WriteEngine, order: DeleteOrder, ctx: Context): Promise<Written> {
  const { call, name } = order;
  const deleted = await deleteIfPresent(engine, order, ctx);
  if (!deleted) throw notFound({ ...call.resource.subject, name });
  return deleted;
}

/** The same, undefined where it is not there. */
export function deleteIfPresent(engine: WriteEngine, order: DeleteOrder, ctx: Context): Promise<Written | undefined> {
  const { call, namespace, name } = order;
  const key = order.key ?? call.resource.key(namespace, name);
  const attempt = (base: CacheEntry) => attemptDelete(engine, { order, key, base }, ctx);
  return optimistically(engine, { resource: call.resource, key, name }, attempt, ctx);
}

interface Attempt {
  readonly order: DeleteOrder;
  readonly key: string;
  readonly base: CacheEntry;
}

async function attemptDelete(engine: WriteEngine, attempt: Attempt, ctx: Context): Promise<Outcome> {
  const { order, key, base: stored } = attempt;
  const { options } = order;
  const view = engine.views.forWrite(order.call.resource, stored, ctx);
  const base = view instanceof Promise ? await view : view;
  const call = isLarge(base.bytes.length) ? { ...order.call, large: true } : order.call;
  const old = call.large ? await paced(base.read()) : base.object;
  checkPreconditions(order, old);
  const admissionCall = admissionCallOf(call, 'delete', { object: undefined, old });
  if (!call.isAdmitted) await engine.admission.admit(admissionCall, () => {}, ctx);
  const plan = planDeletion(call.resource.definition, old, options, ctx.clock.now());
  if (plan.action === 'nothing') return { unchanged: { entry: base, created: false, removed: false } };
  const remove = plan.action === 'remove';
  const draft = plan.action === 'mark' ? plan.object : undefined;
  if (call.dryRun) {
    const shown = await unstoredEntry(call, key, { object: draft ?? old, version: old.metadata.resourceVersion });
    return { written: { entry: shown, created: false, removed: remove } };
  }
  const last = draft ?? withoutFinalizers(old);
  const commit = {
    call: { ...call, isAdmitted: true },
    key,
    revision: base.revision,
    object: draft,
    last: last === old ? base : undefined,
    admissionCall: { ...admissionCall, old: last },
  };
  const committed = await commitObject(engine, commit, ctx);
  if (!committed.ok) return { present: committed.present };
  return { written: { entry: committed.entry, created: false, removed: remove } };
}

/** What goes at once is held by nothing, even if it was until these options took its last finalizer. */
function withoutFinalizers(old: KubeObject): KubeObject {
  if (!old.metadata.finalizers?.length) return old;
  const { finalizers: _, ...metadata } = old.metadata;
  return { ...old, metadata };
}

function checkPreconditions({ call, options }: DeleteOrder, old: KubeObject): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const subject = { ...call.resource.subject, name: old.metadata.name };
  if (uid !== undefined && uid !== old.metadata.uid) {
    throw conflict(
      subject,
      `the UID in the precondition (${uid}) does not match the UID in record (${old.metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      subject,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${old.metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
