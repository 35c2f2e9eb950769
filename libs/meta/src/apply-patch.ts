import { type ApplyConflict, applyConflict } from './apply-conflict.ts';
import { mergeApplied } from './apply-merge.ts';
import { prune } from './apply-prune.ts';
import { type Applying, asIn, inOneVersion, inVersion } from './apply-versions.ts';
import type { FieldChanges } from './field-changes.ts';
import { emptyFieldSet, type FieldSet, intersectFields, isEmptyFieldSet, subtractFieldTrees } from './field-set.ts';
import { fieldsClaimedBy } from './field-set-of.ts';
import { withLastApplied, withoutAdopted } from './last-applied.ts';
import { type ManagerEntry, type Managers, managerIdentity, readManagers, writeManagers } from './managed-entries.ts';
import {
  type ChangesInVersions,
  changedIn,
  changesFor,
  dispossess,
  fieldsOf,
  ownableChanges,
  withoutOwnerless,
} from './managed-fields.ts';
import type { KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';
import type { Schema } from './schema.ts';
import { deepEqual } from './value.ts';

export interface ApplyPatch {
  /** What is stored; absent when the apply creates. */
  readonly live?: KubeObject | undefined;
  /** The applied configuration as it was sent: types checked, nulls and empty values kept, without defaults. */
  readonly config: KubeObject;
  readonly manager: string;
  /** Take fields from whoever owns them instead of failing. */
  readonly force: boolean;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time: WireTime;
  readonly schema: Schema;
  readonly ignore?: FieldSet;
}

export interface Applied {
  /** Without `metadata.managedFields`, with the configuration's nulls and empty values; defaults are still to be filled in, and are nobody's. */
  readonly object: KubeObject;
  readonly managedFields: ManagedFieldsEntry[];
}

/**
 * Server-side apply: lays `config` over what is stored, drops what this manager applied before and no longer mentions unless somebody else
 * owns it, and says who owns what afterwards. `config` has passed `checkConfiguration`. Throws 409 naming each field that another manager owns with another value, unless forced.
 */
export const applyConfiguration = (patch: ApplyPatch): Applied => inOneVersion(applying(patch));

/** The same where others own fields in other versions: what comes of it there is asked of who drives it. */
export function* applying(patch: ApplyPatch): Applying<Applied> {
  const applier = {
    manager: patch.manager,
    operation: 'Apply' as const,
    apiVersion: patch.apiVersion,
    subresource: patch.subresource ?? '',
  };
  const identity = managerIdentity(applier);
  const others: Managers = new Map(startOf(patch));
  const last = others.get(identity);
  others.delete(identity);

  const claimed = subtractFieldTrees(
    fieldsClaimedBy(patch.schema, fieldsOf(patch.config)),
    patch.ignore ?? emptyFieldSet,
  );
  const live = fieldsOf(patch.live);
  const merged = mergeApplied(patch.schema, live, fieldsOf(patch.config));
  const owned = [{ ...applier, set: claimed }, ...others.values()];
  const next = last ? yield* prune(inVersion(patch, merged), last, owned) : merged;
  const object = next as unknown as KubeObject;

  const changes = yield* changesInVersions(patch, object, [...others.values()]);
  if (!patch.force) refuseConflicts(patch, [...others.values()], changes);
  dispossess(others, changes);
  // compat: who applies what is there already gets no time.
  const time = deepEqual(live, next) ? last?.time : patch.time;
  const managers = others.set(identity, { ...applier, time, set: withoutOwnerless(claimed) });
  return { object: withLastApplied(patch, object), managedFields: writeManagers(managers) };
}

/** compat: an object that nobody managed yet is taken to be wholly its past writers'. */
function startOf(patch: ApplyPatch): ReadonlyMap<string, ManagerEntry> {
  const managers = readManagers(patch.live?.metadata.managedFields) ?? new Map();
  if (!patch.live || managers.size > 0) return managers;
  const before = {
    manager: 'before-first-apply',
    operation: 'Update' as const,
    apiVersion: patch.apiVersion,
    subresource: patch.subresource ?? '',
  };
  const { schema, live, ignore } = patch;
  const { added } = ownableChanges({ old: undefined, next: live, schema, ignore });
  return new Map([[managerIdentity(before), { ...before, time: patch.time, set: added }]]);
}

function* changesInVersions(
  patch: ApplyPatch,
  next: KubeObject,
  others: readonly ManagerEntry[],
): Applying<ChangesInVersions> {
  const { live, schema, ignore } = patch;
  const elsewhere = new Map<string, FieldChanges>();
  for (const apiVersion of new Set(others.map((each) => each.apiVersion))) {
    const before = live && (yield* asIn(inVersion(patch, fieldsOf(live)), apiVersion));
    const after = before && (yield* asIn(inVersion(patch, fieldsOf(next)), apiVersion));
    if (!before || !after || after.apiVersion === patch.apiVersion) continue;
    const [was, is] = [before.object, after.object].map((each) => each as unknown as KubeObject) as [
      KubeObject,
      KubeObject,
    ];
    elsewhere.set(apiVersion, ownableChanges({ old: was, next: is, schema: after.schema, ignore }));
  }
  return { own: ownableChanges({ old: live, next, schema, ignore }), elsewhere };
}

function refuseConflicts(patch: ApplyPatch, others: readonly ManagerEntry[], changes: ChangesInVersions): void {
  const conflicts: ApplyConflict[] = others
    .map((owner) => ({ owner, fields: intersectFields(owner.set, changedIn(changesFor(changes, owner))) }))
    .filter(({ fields }) => !isEmptyFieldSet(fields));
  const left = withoutAdopted(patch, conflicts);
  if (left.length > 0) throw applyConflict(left);
}
