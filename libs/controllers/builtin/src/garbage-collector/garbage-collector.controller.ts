import type { Controller, ControllerContext, FoundObject, Outcome } from '@kubernest/controllers/engine';
import { isNotFound, type KubeObject, type OwnerReference, StatusError } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';
import { AbsentOwners } from './absent-owners.ts';
import { type CollectorContext, FOREGROUND, type OwnerState, stateFrom, statesOf } from './owner-state.ts';

/** An owner of a kind that nobody serves may only be away with its API: it is asked for again after this. */
const UNKNOWN_KIND_AGAIN = 60_000;
const INCOMPLETE_AGAIN = 1_000;
const DROPS_AT_ONCE = 16;
const ORPHAN = 'orphan';

/** Deletes what has lost all its owners, and sees a deletion in the foreground or with orphans through. Keys are uids. */
export const garbageCollector: Controller = {
  begin() {
    const absent = new AbsentOwners();
    return { ...this, reconcile: (uid, ctx) => reconcile(uid, { ...ctx, absent }) };
  },
  name: 'garbage-collector',
  serviceAccount: 'generic-garbage-collector',
  reconciles: refs.namespaces,
  watches: 'all',
  workers: 20,
  keysOfAny({ object, old, deleted }, resources) {
    const { uid, ownerReferences = [], deletionTimestamp } = object.metadata;
    const owners = [...ownerReferences, ...(old?.metadata.ownerReferences ?? [])].map((owner) => owner.uid);
    if (deleted) return [...owners, ...resources.dependentsOf(uid!).map((dependent) => dependent.object.metadata.uid!)];
    // A deleted owner that waits for its dependents looks again when one changes hands.
    const own = ownerReferences.length > 0 || deletionTimestamp ? [uid!] : [];
    const began = deletionTimestamp && !old?.metadata.deletionTimestamp;
    return [
      ...own,
      ...(began ? [...owners, ...resources.dependentsOf(uid!).map((d) => d.object.metadata.uid!)] : old ? owners : []),
    ];
  },
  writes: [{ group: '*', resource: '*', verbs: ['get', 'patch', 'update', 'delete'] }, recordsEvents],
  reconcile: (uid, ctx) => reconcile(uid, { ...ctx, absent: new AbsentOwners() }),
};

async function reconcile(uid: string, ctx: CollectorContext): Promise<Outcome> {
  const found = ctx.resources.byUid(uid);
  if (!found) return 'done';
  const { deletionTimestamp, finalizers = [] } = found.object.metadata;
  if (!deletionTimestamp) return collect(found, ctx);
  if (!finalizers.includes(ORPHAN) && !finalizers.includes(FOREGROUND)) return 'done';
  // Dependents that are not listed yet would be lost.
  if (!ctx.resources.isComplete) return { againAfter: INCOMPLETE_AGAIN };
  if (finalizers.includes(ORPHAN)) await orphan(found, ctx);
  else await finishForeground(found, ctx);
  return 'done';
}

async function orphan(owner: FoundObject, ctx: ControllerContext): Promise<void> {
  const { uid } = owner.object.metadata;
  const drop = (dependent: FoundObject): Promise<void> =>
    dropOwners(
      dependent,
      dependent.object.metadata.ownerReferences!.filter((owner) => owner.uid === uid),
      ctx,
    );
  const dependents = ctx.resources.dependentsOf(uid!);
  for (let at = 0; at < dependents.length; at += DROPS_AT_ONCE)
    await Promise.all(dependents.slice(at, at + DROPS_AT_ONCE).map(drop));
  await dropFinalizer(owner, ORPHAN, ctx);
}

/** Its blocking dependents are deleted by their own keys; when none is left it may go. */
async function finishForeground(owner: FoundObject, ctx: ControllerContext): Promise<void> {
  const blocking = ctx.resources
    .dependentsOf(owner.object.metadata.uid!)
    .filter(({ object }) =>
      object.metadata.ownerReferences?.some(
        (reference) => reference.uid === owner.object.metadata.uid && reference.blockOwnerDeletion,
      ),
    );
  if (blocking.length === 0) await dropFinalizer(owner, FOREGROUND, ctx);
}

async function collect(dependent: FoundObject, ctx: CollectorContext): Promise<Outcome> {
  const { ownerReferences = [], namespace, name, uid } = dependent.object.metadata;
  if (ownerReferences.length === 0) return 'done';
  const states = await statesOf(ownerReferences, dependent, ctx);
  // compat: nothing is done on a guess, to none of the references.
  if (states.includes('impossible')) return 'done';
  if (states.includes('unknown')) return { againAfter: UNKNOWN_KIND_AGAIN };
  const of = (state: OwnerState): OwnerReference[] => ownerReferences.filter((_, i) => states[i] === state);
  if (of('solid').length > 0) {
    // One that waits for its dependents would wait for ever for one that stays.
    const gone = [...of('absent'), ...of('waiting')];
    if (gone.length > 0) await dropOwners(dependent, gone, ctx);
    return 'done';
  }
  const dependents = of('waiting').length > 0 ? ctx.resources.dependentsOf(uid!) : [];
  // Two that own one another would wait for one another for ever.
  const isKnot = dependents.some(({ object }) => stateFrom(object) === 'waiting');
  const { resourceVersion } = isKnot ? await unblock(dependent, ctx) : dependent.object.metadata;
  const propagationPolicy = policyFor(dependent, dependents.length > 0);
  const key = { namespace, name: name! };
  await ctx.client
    .metadata(dependent.resource)
    .delete(key, { propagationPolicy, preconditions: { uid, resourceVersion } }, ctx)
    .catch(unlessGone);
  return 'done';
}

function policyFor({ object }: FoundObject, hasDependents: boolean): 'Foreground' | 'Orphan' | 'Background' {
  const { finalizers = [] } = object.metadata;
  if (hasDependents) return 'Foreground';
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

/** Drops these references and leaves others of the same uid: one under a wrong name is not the one under the right name. */
async function dropOwners(
  { resource, object }: FoundObject,
  gone: readonly OwnerReference[],
  ctx: ControllerContext,
): Promise<void> {
  const lost = new Set(gone);
  const left = (object.metadata.ownerReferences ?? []).filter((owner) => !lost.has(owner));
  await setOwners({ resource, object }, left, ctx).catch(unlessGone);
}

/** It keeps its owners, but they need not wait for it. */
async function unblock(found: FoundObject, ctx: ControllerContext): Promise<KubeObject['metadata']> {
  const owners = found.object.metadata.ownerReferences!.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  return (await setOwners(found, owners, ctx)).metadata;
}

function setOwners(
  { resource, object }: FoundObject,
  owners: OwnerReference[],
  ctx: ControllerContext,
): Promise<KubeObject> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const body = { metadata: { ownerReferences: owners as never, uid: uid!, resourceVersion: resourceVersion! } };
  return ctx.client.metadata(resource).patch({ namespace, name: name! }, { type: 'merge', body }, {}, ctx);
}

async function dropFinalizer(
  { resource, object }: FoundObject,
  finalizer: string,
  ctx: ControllerContext,
): Promise<void> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  const body = { metadata: { finalizers, uid: uid!, resourceVersion: resourceVersion! } };
  await ctx.client
    .metadata(resource)
    .patch({ namespace, name: name! }, { type: 'merge', body }, {}, ctx)
    .catch(unlessGone);
}

function unlessGone(error: unknown): void {
  // An object deleted and made again under the same name is another one: its own key looks after it.
  if (!isNotFound(error) && !(error instanceof StatusError && error.message.includes('UID'))) throw error;
}
