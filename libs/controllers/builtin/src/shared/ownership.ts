import type { ControllerContext } from '@kubernest/controllers/engine';
import {
  type KubeObject,
  type LabelSelector,
  type Labels,
  type OwnerReference,
  type ResourceRef,
  selects,
} from '@kubernest/meta';
import { matching } from './matching.ts';

export const CONTROLLER_UID = 'builtin/controller-uid';

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);

/** Index values: the controlling owner's uid, or the namespace's orphans. */
export const controllerIndex = (object: KubeObject): readonly string[] => [
  controllerOf(object)?.uid ?? orphansOf(object.metadata.namespace),
];
export const orphansOf = (namespace: string | undefined): string => `orphans of ${namespace}`;

export interface Owner extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

export function ownerReferenceTo(
  owner: KubeObject,
  type: { readonly apiVersion: string; readonly kind: string },
): OwnerReference {
  const { name, uid } = owner.metadata;
  return { ...type, name: name!, uid: uid!, controller: true, blockOwnerDeletion: true };
}

/**
 * The objects that belong to `owner`: its own whose labels still match, and orphans that match, which are adopted. Those that no
 * longer match are let go. Adoption asks the server first whether the owner is still there: the cache may not know that it was deleted.
 */
export async function claim<T extends KubeObject>(
  owner: Owner,
  request: {
    readonly of: ResourceRef;
    readonly ownerRef: ResourceRef;
    readonly type: { readonly apiVersion: string; readonly kind: string };
  },
  ctx: ControllerContext,
): Promise<T[]> {
  const informer = ctx.informers.of<T>(request.of);
  informer.addIndex(CONTROLLER_UID, controllerIndex);
  const { uid, namespace } = owner.metadata;
  const isMeant = (labels: Labels | undefined): boolean => selects(owner.spec?.selector, labels);
  const owned = informer.byIndex(CONTROLLER_UID, uid!);
  const mine = await matching(owned, isMeant);
  if (owner.metadata.deletionTimestamp) return mine;
  const setOwners = (object: T, ownerReferences: readonly OwnerReference[]): Promise<T> =>
    ctx.client.resource<T>(request.of).patch(
      { namespace, name: object.metadata.name! },
      {
        type: 'merge',
        body: {
          metadata: {
            ownerReferences: ownerReferences as never,
            uid: object.metadata.uid!,
            resourceVersion: object.metadata.resourceVersion!,
          },
        },
      },
      {},
      ctx,
    );
  const kept = new Set(mine);
  for (const object of owned.filter((o) => !kept.has(o) && !o.metadata.deletionTimestamp)) {
    await setOwners(
      object,
      object.metadata.ownerReferences!.filter((reference) => reference.uid !== uid),
    );
  }
  const lone = informer.byIndex(CONTROLLER_UID, orphansOf(namespace)).filter((o) => !o.metadata.deletionTimestamp);
  const orphans = await matching(lone, isMeant);
  if (orphans.length === 0) return mine;
  const live = await ctx.client.resource(request.ownerRef).fetch({ namespace, name: owner.metadata.name! }, ctx);
  if (live.metadata.uid !== uid || live.metadata.deletionTimestamp) return mine;
  for (const orphan of orphans) {
    mine.push(
      await setOwners(orphan, [...(orphan.metadata.ownerReferences ?? []), ownerReferenceTo(owner, request.type)]),
    );
  }
  return mine;
}
