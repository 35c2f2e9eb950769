import type { Draft } from '@kubernest/apiserver/codec';
import type { ResourceDefinition } from '@kubernest/definitions';
import { clone, type KubeObject, wireTime } from '@kubernest/meta';
import type { DeleteOptions } from './options.ts';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** What a delete does to an object: it goes at once, is marked (`object` is what is then stored), or was already being deleted just so. */
export type DeletionPlan =
  | { readonly action: 'remove' }
  | { readonly action: 'nothing' }
  | { readonly action: 'mark'; readonly object: KubeObject };

export function planDeletion(
  definition: ResourceDefinition,
  old: KubeObject,
  options: DeleteOptions,
  now: Date,
): DeletionPlan {
  const grace = graceOf(definition, old, options);
  const finalizers = finalizersAfter(old, options);
  const held = finalizers.length > 0 || definition.isHeld?.(old) === true;
  if (grace === 0 && !held) return { action: 'remove' };
  // Below its metadata only what the kind itself puts in is changed.
  const draft = (definition.prepareForDelete ? clone(old) : { ...old, metadata: { ...old.metadata } }) as Draft;
  if (finalizers.length > 0) draft.metadata.finalizers = finalizers;
  else delete draft.metadata.finalizers;
  const marked = mark(draft, grace, now);
  const changed = marked || finalizers.join() !== (old.metadata.finalizers ?? []).join();
  if (!changed) return { action: 'nothing' };
  if (draft.metadata.generation !== undefined && !old.metadata.deletionTimestamp) draft.metadata.generation += 1;
  definition.prepareForDelete?.(draft);
  return { action: 'mark', object: draft };
}

/** 0: needs no time. compat: a kind that says 0 itself (a pod that runs nowhere) gets none even if the options offer some. */
function graceOf(definition: ResourceDefinition, old: KubeObject, options: DeleteOptions): number {
  const own = definition.gracePeriodSeconds?.(old);
  if (own === undefined || own === 0) return 0;
  const asked = options.gracePeriodSeconds ?? own;
  return asked < 0 ? 1 : asked;
}

/** Sets the time of deletion; a running grace period may only become shorter. True when that changed something. */
function mark(draft: Draft, grace: number, now: Date): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = draft.metadata;
  const at = (from: number): string => wireTime(new Date(from + grace * 1000));
  if (!deletionTimestamp) {
    draft.metadata.deletionTimestamp = at(now.getTime());
    draft.metadata.deletionGracePeriodSeconds = grace;
    return true;
  }
  const before = deletionGracePeriodSeconds ?? 0;
  if (grace >= before) return false;
  draft.metadata.deletionTimestamp = at(Date.parse(deletionTimestamp) - before * 1000);
  draft.metadata.deletionGracePeriodSeconds = grace;
  return true;
}

/** The garbage collector's finalizers follow the policy when there is one; the others stay. */
function finalizersAfter(old: KubeObject, options: DeleteOptions): readonly string[] {
  const before = old.metadata.finalizers ?? [];
  const { propagationPolicy: policy, orphanDependents } = options;
  if (policy === undefined && orphanDependents === undefined) return before;
  const others = before.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
  if (policy === 'Orphan' || orphanDependents === true) return [...others, ORPHAN];
  return policy === 'Foreground' ? [...others, FOREGROUND] : others;
}
