import { withoutFields } from './apply-merge.ts';
import { type Applying, asIn, type VersionedObject } from './apply-versions.ts';
import {
  type FieldSet,
  fieldSetNode,
  intersectFields,
  isEmptyFieldSet,
  subtractFields,
  unionFields,
  unionOfFields,
} from './field-set.ts';
import { fieldsClaimedBy, schemaOfField } from './field-set-of.ts';
import type { ManagerEntry } from './managed-entries.ts';
import type { Json } from './object.ts';
import type { ListSchema, Schema } from './schema.ts';

type Owned = Pick<ManagerEntry, 'apiVersion' | 'set'>;

/**
 * Takes out of `merged` what was applied before, is not applied now and belongs to nobody. compat: what is owned is put back into what is left
 * without all that was applied before, so a struct in which no field is left goes as a whole, whoever filled it. What somebody owns in another
 * version is put back there.
 */
export function* prune(merged: VersionedObject, last: Owned, owned: readonly Owned[]): Applying<Json> {
  const before = yield* asIn(merged, last.apiVersion);
  const lastFields = withStructs(before.schema, last.set);
  let all = before;
  let left = { ...before, object: without(before, fieldSetNode(false, lastFields.children)) };
  const byVersion = Map.groupBy(owned, ({ apiVersion }) => apiVersion);
  const sets = unionOfFields(owned.map(({ set }) => set));
  if (
    byVersion.size === 1 &&
    byVersion.has(last.apiVersion) &&
    isEmptyFieldSet(subtractFields(lastFields, withStructs(before.schema, sets)))
  )
    return merged.object;
  for (const apiVersion of new Set([last.apiVersion, ...byVersion.keys()])) {
    const set = unionOfFields((byVersion.get(apiVersion) ?? []).map((each) => each.set));
    all = yield* asIn(all, apiVersion);
    left = yield* asIn(left, apiVersion);
    const kept = unionFields(fieldsIn(left), withStructs(all.schema, set));
    left = { ...all, object: without(all, subtractFields(fieldsIn(all), kept)) };
  }
  const stays = fieldsIn(yield* asIn(left, before.apiVersion));
  const gone = intersectFields(subtractFields(fieldsIn(before), stays), lastFields);
  if (isEmptyFieldSet(gone)) return merged.object;
  return (yield* asIn({ ...before, object: without(before, gone) }, merged.apiVersion)).object;
}

const fieldsIn = ({ schema, object }: VersionedObject): FieldSet =>
  withStructs(schema, fieldsClaimedBy(schema, object));

const without = ({ schema, object }: VersionedObject, gone: FieldSet): Json =>
  withoutFields(schema, object, fieldSetNode(false, gone.children)) ?? {};

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
