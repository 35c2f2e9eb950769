import type { Controller, ControllerContext, DiscoveredResource } from '@kubernest/controllers/engine';
import { isNotFound, type KubeObject, type OwnerReference, StatusError } from '@kubernest/meta';
import { recordsEvents, refs } from '../shared/refs.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Deletes what has lost all its owners, and sees a deletion in the foreground or with orphans through. Keys are uids. */
export const garbageCollector: Controller = {
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
  async reconcile(uid, ctx) {
    const found = ctx.resources.byUid(uid);
    if (!found) return 'done';
    const { deletionTimestamp, finalizers = [] } = found.object.metadata;
    if (deletionTimestamp && finalizers.includes(ORPHAN)) await orphan(found, ctx);
    else if (deletionTimestamp && finalizers.includes(FOREGROUND)) await finishForeground(found, ctx);
    else if (!deletionTimestamp) await collect(found, ctx);
    return 'done';
  },
};

interface Found {
  readonly resource: DiscoveredResource;
  readonly object: KubeObject;
}

async function orphan(owner: Found, ctx: ControllerContext): Promise<void> {
  const { uid } = owner.object.metadata;
  await Promise.all(ctx.resources.dependentsOf(uid!).map((dependent) => dropOwners(dependent, new Set([uid!]), ctx)));
  await dropFinalizer(owner, ORPHAN, ctx);
}

/** Its blocking dependents are deleted by their own keys; when none is left it may go. */
async function finishForeground(owner: Found, ctx: ControllerContext): Promise<void> {
  const blocking = ctx.resources
    .dependentsOf(owner.object.metadata.uid!)
    .filter(({ object }) =>
      object.metadata.ownerReferences?.some(
        (reference) => reference.uid === owner.object.metadata.uid && reference.blockOwnerDeletion,
      ),
    );
  if (blocking.length === 0) await dropFinalizer(owner, FOREGROUND, ctx);
}

type OwnerState = 'solid' | 'waiting' | 'absent';

async function collect(dependent: Found, ctx: ControllerContext): Promise<void> {
  const { ownerReferences = [], namespace, name, uid } = dependent.object.metadata;
  if (ownerReferences.length === 0) return;
  const states = await Promise.all(ownerReferences.map((owner) => stateOf(owner, dependent, ctx)));
  const of = (state: OwnerState): OwnerReference[] => ownerReferences.filter((_, i) => states[i] === state);
  if (of('solid').length > 0) {
    const gone = new Set([...of('absent'), ...of('waiting')].map((owner) => owner.uid));
    if (gone.size > 0) await dropOwners(dependent, gone, ctx);
    return;
  }
  const dependents = of('waiting').length > 0 ? ctx.resources.dependentsOf(uid!) : [];
  // Two that own one another would wait for one another for ever.
  const isKnot = dependents.some(({ object }) => stateFrom(object) === 'waiting');
  const { resourceVersion } = isKnot ? await unblock(dependent, ctx) : dependent.object.metadata;
  const finalizers = dependent.object.metadata.finalizers ?? [];
  const propagationPolicy = finalizers.includes(ORPHAN)
    ? 'Orphan'
    : finalizers.includes(FOREGROUND) || dependents.length > 0
      ? 'Foreground'
      : 'Background';
  const key = { namespace, name: name! };
  await ctx.client
    .resource(dependent.resource)
    .delete(key, { propagationPolicy, preconditions: { uid, resourceVersion } }, ctx)
    .catch(unlessGone);
}

/** The cache may be behind or not know the owner's kind: only the server's word makes an owner absent. */
async function stateOf(owner: OwnerReference, dependent: Found, ctx: ControllerContext): Promise<OwnerState> {
  const { namespace } = dependent.object.metadata;
  const cached = ctx.resources.byUid(owner.uid);
  const reachable = (object: KubeObject): boolean =>
    !object.metadata.namespace || object.metadata.namespace === namespace;
  if (cached && reachable(cached.object)) return stateFrom(cached.object);
  const resource = ctx.resources.find(owner.apiVersion, owner.kind);
  // Unknown to discovery: its API may only be away. Nothing is deleted on a guess.
  if (!resource) return 'solid';
  if (resource.namespaced && !namespace) {
    const message = `ownerRef [${owner.apiVersion}/${owner.kind}, namespace: , name: ${owner.name}, uid: ${owner.uid}] does not exist in namespace ""`;
    ctx.events.record(dependent.object, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message });
    return 'solid';
  }
  try {
    const live = await ctx.client
      .resource(resource)
      .fetch({ namespace: resource.namespaced ? namespace : undefined, name: owner.name }, ctx);
    if (live.metadata.uid === owner.uid) return stateFrom(live);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  if (cached) {
    const message = `ownerRef [${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}] does not exist in namespace "${namespace}"`;
    ctx.events.record(dependent.object, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message });
  }
  return 'absent';
}

const stateFrom = ({ metadata }: KubeObject): OwnerState =>
  metadata.deletionTimestamp && metadata.finalizers?.includes(FOREGROUND) ? 'waiting' : 'solid';

async function dropOwners(
  { resource, object }: Found,
  uids: ReadonlySet<string>,
  ctx: ControllerContext,
): Promise<void> {
  const left = (object.metadata.ownerReferences ?? []).filter((owner) => !uids.has(owner.uid));
  await setOwners({ resource, object }, left, ctx).catch(unlessGone);
}

/** It keeps its owners, but they need not wait for it. */
async function unblock(found: Found, ctx: ControllerContext): Promise<KubeObject['metadata']> {
  const owners = found.object.metadata.ownerReferences!.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  return (await setOwners(found, owners, ctx)).metadata;
}

function setOwners({ resource, object }: Found, owners: OwnerReference[], ctx: ControllerContext): Promise<KubeObject> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const body = { metadata: { ownerReferences: owners as never, uid: uid!, resourceVersion: resourceVersion! } };
  return ctx.client.resource(resource).patch({ namespace, name: name! }, { type: 'merge', body }, {}, ctx);
}

async function dropFinalizer({ resource, object }: Found, finalizer: string, ctx: ControllerContext): Promise<void> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  const body = { metadata: { finalizers, uid: uid!, resourceVersion: resourceVersion! } };
  await ctx.client
    .resource(resource)
    .patch({ namespace, name: name! }, { type: 'merge', body }, {}, ctx)
    .catch(unlessGone);
}

function unlessGone(error: unknown): void {
  // An object deleted and made again under the same name is another one: its own key looks after it.
  if (!isNotFound(error) && !(error instanceof StatusError && error.message.includes('UID'))) throw error;
}
