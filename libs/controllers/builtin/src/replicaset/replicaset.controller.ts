import type { Controller, ControllerContext, Outcome } from '@kubernest/controllers/engine';
import type { Pod, ReplicaSet } from '@kubernest/kinds';
import { messageOf } from '@kubernest/kit';
import { isNotFound, StatusError } from '@kubernest/meta';
import { CONTROLLER_UID, claim, controllerIndex, controllerOf, ownerReferenceTo } from '../shared/ownership.ts';
import { availableIn, isActive } from '../shared/pods.ts';
import { nameAfter } from '../shared/random-name.ts';
import { recordsEvents, refs } from '../shared/refs.ts';
import { orphanOwners } from '../shared/watch-keys.ts';
import { planReplicas, planStatus, type StatusInput, sameStatus } from './replicaset.plan.ts';
import { type Unseen, UnseenWrites } from './unseen.ts';

const type = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };

export const replicaset: Controller = withUnseen(new UnseenWrites());

/** Each term of leadership begins with a fresh list: what an earlier one had not seen means nothing to it. */
function withUnseen(unseen: UnseenWrites): Controller {
  return {
    name: 'replicaset',
    serviceAccount: 'replicaset-controller',
    reconciles: refs.replicaSets,
    watches: [
      { ref: refs.replicaSets },
      {
        ref: refs.pods,
        keys(object, informers) {
          const owner = controllerOf(object);
          if (!owner) return orphanOwners(object, informers.of<ReplicaSet>(refs.replicaSets));
          const key = `${object.metadata.namespace}/${owner.name}`;
          if (owner.kind !== 'ReplicaSet' || !owner.apiVersion.startsWith('apps/')) return [];
          unseen.saw(key, object as Pod);
          return [key];
        },
      },
    ],
    writes: [
      { group: 'apps', resource: 'replicasets', verbs: ['update', 'patch'] },
      { group: 'apps', resource: 'replicasets/status', verbs: ['update', 'patch'] },
      { group: 'apps', resource: 'replicasets/finalizers', verbs: ['update'] },
      { group: '', resource: 'pods', verbs: ['create', 'delete', 'patch'] },
      recordsEvents,
    ],
    begin: () => withUnseen(new UnseenWrites()),
    reconcile: (key, ctx) => reconcile(key, unseen, ctx),
  };
}

async function reconcile(key: string, unseen: UnseenWrites, ctx: ControllerContext): Promise<Outcome> {
  const replicaSet = ctx.informers.of<ReplicaSet>(refs.replicaSets).get(key);
  if (!replicaSet) {
    unseen.forgetOwner(key);
    return 'done';
  }
  // Before the first wait, and so of the same moment as the pods.
  const before = unseen.asOf(key, ctx.clock.monotonic());
  const pods = await claim<Pod>(replicaSet, { of: refs.pods, ownerRef: refs.replicaSets, type }, ctx);
  const failed = replicaSet.metadata.deletionTimestamp
    ? undefined
    : await manage({ key, replicaSet, pods, before }, unseen, ctx);
  const now = ctx.clock.now();
  const status = planStatus({ replicaSet, pods, failure: failed?.failure, now });
  if (!sameStatus(replicaSet.status, status)) {
    await ctx.client.resource<ReplicaSet>(refs.replicaSets).updateStatus({ ...replicaSet, status }, {}, ctx);
  }
  if (failed) throw failed.error;
  const waits = pods
    .map((pod) => (isActive(pod) ? availableIn(pod, replicaSet.spec?.minReadySeconds ?? 0, now) : 0) ?? 0)
    .filter((wait) => wait > 0);
  return waits.length > 0 ? { againAfter: Math.min(...waits) + 1 } : 'done';
}

interface Failed {
  readonly failure: NonNullable<StatusInput['failure']>;
  readonly error: unknown;
}

interface Found {
  readonly key: string;
  readonly replicaSet: ReplicaSet;
  readonly pods: readonly Pod[];
  /** What was not among them yet. */
  readonly before: Unseen;
}

async function manage(
  { key, replicaSet, pods, before }: Found,
  unseen: UnseenWrites,
  ctx: ControllerContext,
): Promise<Failed | undefined> {
  const active = pods.filter((pod) => isActive(pod) && !before.deleted.has(pod.metadata.uid!));
  const related = relatedOnNodes(replicaSet, ctx);
  const plan = planReplicas(replicaSet, active, before.made.size, related, ctx.clock.now());
  if ('create' in plan) return createPods(key, replicaSet, plan.create, unseen, ctx);
  const results = await Promise.allSettled(plan.delete.map((pod) => deletePod(replicaSet, pod, unseen, ctx)));
  const refused = results.find((result) => result.status === 'rejected');
  return refused && { failure: { reason: 'FailedDelete', message: messageOf(refused.reason) }, error: refused.reason };
}

/** One, then two, then four …: a pod that is refused is refused once and not five hundred times. */
async function createPods(
  key: string,
  replicaSet: ReplicaSet,
  count: number,
  unseen: UnseenWrites,
  ctx: ControllerContext,
): Promise<Failed | undefined> {
  for (let made = 0, batch = 1; made < count; made += batch, batch *= 2) {
    batch = Math.min(batch, count - made);
    const results = await Promise.allSettled(
      Array.from({ length: batch }, () => createPod(key, replicaSet, unseen, ctx)),
    );
    const refused = results.find((result) => result.status === 'rejected');
    if (!refused) continue;
    // The namespace is going: its pods go with it, and ours would only be refused again and again.
    if (isNamespaceGoing(refused.reason)) return undefined;
    return { failure: { reason: 'FailedCreate', message: messageOf(refused.reason) }, error: refused.reason };
  }
  return undefined;
}

async function createPod(
  key: string,
  replicaSet: ReplicaSet,
  unseen: UnseenWrites,
  ctx: ControllerContext,
): Promise<void> {
  const template = replicaSet.spec?.template;
  const generateName = `${replicaSet.metadata.name}-`;
  let name = nameAfter(generateName);
  while (!unseen.made(key, name, ctx.clock.monotonic())) name = nameAfter(generateName);
  const { namespace } = replicaSet.metadata;
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName,
      namespace,
      labels,
      annotations,
      finalizers,
      ownerReferences: [ownerReferenceTo(replicaSet, type)],
    },
    spec: template?.spec,
  } as Pod;
  try {
    await ctx.client.resource<Pod>(refs.pods).create(pod, {}, ctx);
  } catch (error) {
    const refused = error instanceof StatusError && error.code < 500;
    if (refused) unseen.notMade(key, name);
    if (!isNamespaceGoing(error))
      ctx.events.record(replicaSet, {
        type: 'Warning',
        reason: 'FailedCreate',
        message: `Error creating: ${messageOf(error)}`,
      });
    throw error;
  }
  ctx.events.record(replicaSet, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${name}` });
}

async function deletePod(
  replicaSet: ReplicaSet,
  pod: Pod,
  unseen: UnseenWrites,
  ctx: ControllerContext,
): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  unseen.deleted(uid!, ctx.clock.monotonic());
  try {
    await ctx.client.resource(refs.pods).delete({ namespace, name: name! }, { preconditions: { uid } }, ctx);
  } catch (error) {
    if (isNotFound(error)) return;
    unseen.notDeleted(uid!);
    ctx.events.record(replicaSet, {
      type: 'Warning',
      reason: 'FailedDelete',
      message: `Error deleting: ${messageOf(error)}`,
    });
    throw error;
  }
  ctx.events.record(replicaSet, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
}

/** Pods per node of all sets with the same controlling owner (a Deployment's old and new one): crowded nodes give first. */
function relatedOnNodes(replicaSet: ReplicaSet, ctx: ControllerContext): ReadonlyMap<string, number> {
  const sets = ctx.informers.of<ReplicaSet>(refs.replicaSets);
  sets.addIndex(CONTROLLER_UID, controllerIndex);
  const owner = controllerOf(replicaSet)?.uid;
  const related = owner ? sets.byIndex(CONTROLLER_UID, owner) : [replicaSet];
  const counts = new Map<string, number>();
  for (const set of related) {
    for (const pod of ctx.informers.of<Pod>(refs.pods).byIndex(CONTROLLER_UID, set.metadata.uid!)) {
      const node = pod.spec?.nodeName;
      if (node && isActive(pod)) counts.set(node, (counts.get(node) ?? 0) + 1);
    }
  }
  return counts;
}

function isNamespaceGoing(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating')
  );
}
