import { type ApplyConflict, applyConflict } from './apply-conflict.ts';
import { mergeApplied, withoutFields } from './apply-merge.ts';
import {
  emptyFieldSet,
  type FieldSet,
  fieldSetNode,
  intersectFields,
  isEmptyFieldSet,
  subtractFields,
  subtractFieldTrees,
  unionFields,
  unionOfFields,
} from './field-set.ts';
import { fieldsClaimedBy, schemaOfField } from './field-set-of.ts';
import { withLastApplied, withoutAdopted } from './last-applied.ts';
import { type ManagerEntry, type Managers, managerIdentity, readManagers, writeManagers } from './managed-entries.ts';
import { dispossess, fieldsOf, ownableChanges, withoutOwnerless } from './managed-fields.ts';
import type { Json, KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
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
export function applyConfiguration(patch: ApplyPatch): Applied {
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
  const owned = [claimed, ...[...others.values()].map(({ set }) => set)];
  const next = last ? prune(patch.schema, merged, { last: last.set, owned }) : merged;
  const object = next as unknown as KubeObject;

  const changes = ownableChanges({ old: patch.live, next: object, schema: patch.schema, ignore: patch.ignore });
  const changed = unionFields(changes.added, changes.modified);
  if (!patch.force) refuseConflicts(patch, [...others.values()], changed);
  dispossess(others, changes, changed);
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

interface Ownership {
  /** What this manager applied before. */
  readonly last: FieldSet;
  /** What it applies now, and what the others own. */
  readonly owned: readonly FieldSet[];
}

/**
 * Takes out what was applied before, is not applied now and belongs to nobody. compat: what is owned is put back into what is left without
 * all that was applied before, so a struct in which no field is left goes as a whole, whoever filled it.
 */
function prune(schema: Schema, merged: Json, ownership: Ownership): Json {
  const last = withStructs(schema, ownership.last);
  const owned = withStructs(schema, unionOfFields(ownership.owned));
  if (isEmptyFieldSet(subtractFields(last, owned))) return merged;
  const fields = (value: Json): FieldSet => withStructs(schema, fieldsClaimedBy(schema, value));
  const without = (gone: FieldSet): Json => withoutFields(schema, merged, fieldSetNode(false, gone.children)) ?? {};
  const all = fields(merged);
  const kept = unionFields(fields(without(last)), owned);
  const left = fields(without(subtractFields(all, kept)));
  return without(intersectFields(subtractFields(all, left), last));
}

/** With every struct that holds a member as a member itself, so that a struct goes when nothing in it is owned any more. */
function withStructs(schema: Schema | undefined, set: FieldSet): FieldSet {
  if (set.children.size === 0) return set;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:');
    const below = isField
      ? schema && schemaOfField(schema, element.slice(2))
      : (schema as ListSchema | undefined)?.items;
    const full = withStructs(below, child);
    const isNamed = isField && schema?.type === 'struct' && below !== undefined && full.children.size > 0;
    children.set(element, isNamed ? fieldSetNode(true, full.children) : full);
  }
  return fieldSetNode(set.member, children);
}

function refuseConflicts(patch: ApplyPatch, others: readonly ManagerEntry[], changed: FieldSet): void {
  const conflicts: ApplyConflict[] = others
    .map((owner) => ({ owner, fields: intersectFields(owner.set, changed) }))
    .filter(({ fields }) => !isEmptyFieldSet(fields));
  const left = withoutAdopted(patch, conflicts);
  if (left.length > 0) throw applyConflict(left);
}
