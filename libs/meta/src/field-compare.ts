import { emptyFieldSet, type FieldSet, fieldSetMember, fieldSetNode, isEmptyFieldSet } from './field-set.ts';
import { identify, isAssociative, type ListItem } from './list-items.ts';
import type { Json } from './object.ts';
import type { FieldSchema, ListSchema, MapSchema, Schema, StructSchema } from './schema.ts';
import { deepEqual, isObject, type JsonObject } from './value.ts';

/** What a write did, field by field. */
export interface FieldChanges {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const nothing: FieldChanges = { added: emptyFieldSet, modified: emptyFieldSet, removed: emptyFieldSet };
const leaf: Readonly<Record<'added' | 'modified' | 'removed', FieldChanges>> = {
  added: { ...nothing, added: fieldSetMember },
  modified: { ...nothing, modified: fieldSetMember },
  removed: { ...nothing, removed: fieldSetMember },
};

/** Compares two objects of one schema. Containers that appear or vanish as a whole are fields of their own beside what they hold. */
export function compareFields(schema: Schema, old: Json, next: Json): FieldChanges {
  return compare(schema, old, next);
}

function compare(schema: Schema, old: Json | undefined, next: Json | undefined): FieldChanges {
  if (old === next) return nothing;
  const whole = old === undefined ? leaf.added : next === undefined ? leaf.removed : undefined;
  if (isLeaf(schema, old, next)) return whole ?? (deepEqual(old, next) ? nothing : leaf.modified);
  if (!whole && changedShape(old!, next!)) return compareShapes(schema, old!, next!);
  const below = isArrayOf(old, next)
    ? compareLists(schema as ListSchema, old, next)
    : compareObjects(schema, old, next);
  return whole ? withSelf(below, old === undefined) : below;
}

const isArrayOf = (old: Json | undefined, next: Json | undefined): boolean => Array.isArray(next ?? old);

/** One value to managed fields: scalars, atomic lists and maps, what is empty on both sides. */
function isLeaf(schema: Schema, old: Json | undefined, next: Json | undefined): boolean {
  if ('atomic' in schema && schema.atomic) return true;
  if (schema.type === 'struct' && schema.wire !== undefined) return true;
  if (isEmptyValue(old) && isEmptyValue(next)) return true;
  const isOne = (value: Json | undefined): boolean =>
    value === undefined ||
    value === null ||
    (Array.isArray(value) ? !(schema.type === 'list' && isAssociative(schema)) : !isObject(value));
  return isOne(old) && isOne(next);
}

const changedShape = (old: Json, next: Json): boolean =>
  old !== null && next !== null && shapeOf(old) !== shapeOf(next);

/** Another sort of value where anything may stand: what lay below is gone or new, and the value itself has changed. */
function compareShapes(schema: Schema, old: Json, next: Json): FieldChanges {
  return {
    added: isObject(next) ? compareObjects(schema, undefined, next).added : emptyFieldSet,
    modified: fieldSetMember,
    removed: isObject(old) ? compareObjects(schema, old, undefined).removed : emptyFieldSet,
  };
}

function shapeOf(value: Json): 'list' | 'object' | 'scalar' {
  if (Array.isArray(value)) return 'list';
  return isObject(value) ? 'object' : 'scalar';
}

function isEmptyValue(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function withSelf(changes: FieldChanges, added: boolean): FieldChanges {
  return added
    ? { ...changes, added: fieldSetNode(true, changes.added.children) }
    : { ...changes, removed: fieldSetNode(true, changes.removed.children) };
}

const sides = ['added', 'modified', 'removed'] as const;
type Side = (typeof sides)[number];
const nodeOf = (children: Map<string, FieldSet> | undefined): FieldSet =>
  children ? fieldSetNode(false, children) : emptyFieldSet;

/** Gathers the changes of children; stays unallocated while nothing changed, which is nearly everywhere. */
class Gatherer {
  #sets: Partial<Record<Side, Map<string, FieldSet>>> | undefined;

  put(element: string, changes: FieldChanges): void {
    if (changes === nothing) return;
    this.#sets ??= {};
    for (const side of sides) {
      if (isEmptyFieldSet(changes[side])) continue;
      this.#sets[side] ??= new Map();
      this.#sets[side].set(element, changes[side]);
    }
  }

  done(): FieldChanges {
    if (!this.#sets) return nothing;
    const { added, modified, removed } = this.#sets;
    return { added: nodeOf(added), modified: nodeOf(modified), removed: nodeOf(removed) };
  }
}

function compareObjects(schema: Schema, old: Json | undefined, next: Json | undefined): FieldChanges {
  const before = (old ?? {}) as JsonObject;
  const after = (next ?? {}) as JsonObject;
  const gatherer = new Gatherer();
  for (const key of Object.keys(after)) {
    const was = old === undefined ? undefined : before[key];
    gatherer.put(
      `f:${key}`,
      compareEntry(schema, key, { old: was, next: after[key], parentExisted: old !== undefined }),
    );
  }
  for (const key of Object.keys(before)) {
    if (after[key] === undefined) {
      gatherer.put(
        `f:${key}`,
        compareEntry(schema, key, { old: before[key], next: undefined, parentExisted: next !== undefined }),
      );
    }
  }
  return gatherer.done();
}

interface Entry {
  readonly old: Json | undefined;
  readonly next: Json | undefined;
  readonly parentExisted: boolean;
}

/**
 * compat: a field that Go always writes is never absent, so a struct of it that appears is not itself owned (`f:spec` has no `.`), and
 * likewise when it vanishes.
 */
function compareEntry(schema: Schema, key: string, { old, next, parentExisted }: Entry): FieldChanges {
  const field = schema.type === 'struct' ? (schema as StructSchema).fields[key] : undefined;
  const below = field?.schema ?? (schema.type === 'map' ? (schema as MapSchema).values : untyped);
  if (!parentExisted || !isAlwaysThere(field)) return compare(below, old, next);
  const zero = Array.isArray(next ?? old) ? [] : {};
  const value = (next ?? old)!;
  const appears = old === undefined || next === undefined;
  if (appears && below.type === 'struct' && !below.atomic && isObject(value) && isEmptyValue(value)) return nothing;
  if (shapeOf(value) === 'scalar' || isLeaf(below, undefined, value)) return compare(below, old, next);
  return compare(below, old ?? zero, next ?? zero);
}

const isAlwaysThere = (field: FieldSchema | undefined): boolean =>
  field?.schema !== undefined && field.alwaysPresent === true;

const untyped: Schema = { type: 'any' };

function compareLists(schema: ListSchema, old: Json | undefined, next: Json | undefined): FieldChanges {
  const before = itemsByElement(schema, old);
  const after = itemsByElement(schema, next);
  const gatherer = new Gatherer();
  for (const [element, items] of after) gatherer.put(element, compareItems(schema, before.get(element), items));
  for (const [element, items] of before) {
    if (!after.has(element)) gatherer.put(element, compareItems(schema, items, undefined));
  }
  return gatherer.done();
}

/** Items under one key, a fault that validation names, count as one value; it comes or goes when they begin or cease to be several. */
function compareItems(
  schema: ListSchema,
  old: readonly Json[] | undefined,
  next: readonly Json[] | undefined,
): FieldChanges {
  const several = (items: readonly Json[] | undefined): boolean => (items?.length ?? 0) > 1;
  if (!several(old) && !several(next)) return compare(schema.items, old?.[0], next?.[0]);
  if (several(old) && several(next)) return deepEqual(old, next) ? nothing : leaf.modified;
  if (several(old)) return { ...compareWhole(schema.items, undefined, next?.[0]), removed: fieldSetMember };
  return { ...compareWhole(schema.items, old?.[0], undefined), added: fieldSetMember };
}

const compareWhole = (schema: Schema, old: Json | undefined, next: Json | undefined): FieldChanges =>
  old === undefined && next === undefined ? nothing : compare(schema, old, next);

function itemsByElement(schema: ListSchema, list: Json | undefined): Map<string, Json[]> {
  const out = new Map<string, Json[]>();
  for (const { element, value } of identify(schema, (list ?? []) as Json[]) as Iterable<ListItem>) {
    const same = out.get(element);
    if (same) same.push(value);
    else out.set(element, [value]);
  }
  return out;
}
