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
} from './field-set.ts';
import { fieldsClaimedBy, schemaOfField } from './field-set-of.ts';
import { type ManagerEntry, type Managers, managerIdentity, readManagers, writeManagers } from './managed-entries.ts';
import { dispossess, fieldsOf, ignoredFields, ownableChanges, withoutOwnerless } from './managed-fields.ts';
import type { KubeObject, ManagedFieldsEntry, WireTime } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';
import { badRequest } from './status-error.ts';

export interface ApplyPatch {
  /** What is stored; absent when the apply creates. */
  readonly live?: KubeObject | undefined;
  /** The applied configuration, decoded by the schema, without defaults. */
  readonly config: KubeObject;
  readonly manager: string;
  /** Take fields from whoever owns them instead of failing. */
  readonly force: boolean;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time: WireTime;
  readonly schema: Schema;
  readonly ignore?: readonly string[];
}

export interface Applied {
  /** Without `metadata.managedFields`; defaults are still to be filled in, and are nobody's. */
  readonly object: KubeObject;
  readonly managedFields: ManagedFieldsEntry[];
}

/**
 * Server-side apply: lays `config` over what is stored, drops what this manager applied before and no longer mentions unless somebody else
 * owns it, and says who owns what afterwards. Throws 409 naming each field that another manager owns with another value, unless forced.
 */
export function applyConfiguration(patch: ApplyPatch): Applied {
  if (patch.config.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil');
  const managers: Managers = new Map(startOf(patch));
  const applier = {
    manager: patch.manager,
    operation: 'Apply' as const,
    apiVersion: patch.apiVersion,
    subresource: patch.subresource ?? '',
  };
  const identity = managerIdentity(applier);
  const last = managers.get(identity);
  const claimed = claimOf(patch);
  managers.set(identity, { ...applier, time: last?.time, set: claimed });

  const merged = mergeApplied(patch.schema, fieldsOf(patch.live), fieldsOf(patch.config));
  const object = prune(patch.schema, merged, last?.set, managers) as unknown as KubeObject;

  const changes = ownableChanges({ old: patch.live, next: object, schema: patch.schema, ignore: patch.ignore });
  const changed = unionFields(changes.added, changes.modified);
  const { [identity]: _, ...others } = Object.fromEntries(managers);
  if (!patch.force) refuseConflicts(Object.values(others), changed);
  const rest: Managers = new Map(Object.entries(others));
  dispossess(rest, changes, changed);
  const time = last && sameClaim(last, claimed) && isEmptyFieldSet(changed) ? last.time : patch.time;
  rest.set(identity, { ...applier, time, set: claimed });
  return { object, managedFields: writeManagers(rest) };
}

const sameClaim = (last: ManagerEntry, claimed: FieldSet): boolean =>
  isEmptyFieldSet(subtractFields(last.set, claimed)) && isEmptyFieldSet(subtractFields(claimed, last.set));

/** compat: an object that nobody managed yet is taken to be wholly its past writers'. */
function startOf(patch: ApplyPatch): ReadonlyMap<string, ManagerEntry> {
  const managers = readManagers(patch.live?.metadata.managedFields) ?? new Map();
  if (!patch.live || managers.size > 0) return managers;
  const before = {
    manager: 'before-first-apply',
    operation: 'Update' as const,
    apiVersion: patch.apiVersion,
    subresource: '',
  };
  const { added } = ownableChanges({ old: undefined, next: patch.live, schema: patch.schema, ignore: [] });
  return new Map([[managerIdentity(before), { ...before, time: patch.time, set: added }]]);
}

function claimOf({ schema, config, ignore }: ApplyPatch): FieldSet {
  return subtractFieldTrees(withoutOwnerless(fieldsClaimedBy(schema, fieldsOf(config))), ignoredFields(ignore));
}

function prune(
  schema: Schema,
  merged: ReturnType<typeof mergeApplied>,
  last: FieldSet | undefined,
  managers: Managers,
) {
  if (!last) return merged;
  let owned = emptyFieldSet;
  for (const { set } of managers.values()) owned = unionFields(owned, set);
  const gone = subtractFields(withStructs(schema, last), withStructs(schema, owned));
  return withoutFields(schema, merged, fieldSetNode(false, gone.children)) ?? {};
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
    const isNamed = isField && schema?.type === 'struct' && below !== undefined;
    children.set(element, isNamed ? fieldSetNode(true, full.children) : full);
  }
  return fieldSetNode(set.member, children);
}

function refuseConflicts(others: readonly ManagerEntry[], changed: FieldSet): void {
  const conflicts: ApplyConflict[] = others
    .map((owner) => ({ owner, fields: intersectFields(owner.set, changed) }))
    .filter(({ fields }) => !isEmptyFieldSet(fields));
  if (conflicts.length > 0) throw applyConflict(conflicts);
}
