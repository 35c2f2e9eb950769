import { emptyFieldSet, type FieldSet, fieldSetMember, fieldSetNode, isEmptyFieldSet } from './field-set.ts';
import { elementOf, isAssociative } from './list-items.ts';
import type { Json } from './object.ts';
import type { FieldSchema, ListSchema, MapSchema, Schema, StructSchema } from './schema.ts';
import { atOnce, Rests, type Steps } from './steps.ts';
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
  return atOnce(compareFieldsInSteps(schema, old, next));
}

/** The same in short steps. */
export function compareFieldsInSteps(schema: Schema, old: Json, next: Json): Steps<FieldChanges> {
  return compare(schema, old, next);
}

const isScalar = (value: Json | undefined): boolean => typeof value !== 'object' || value === null;

/** What needs no look below, as most of what is compared. */
function compareScalars(old: Json | undefined, next: Json | undefined): FieldChanges {
  if (old === undefined) return next === undefined ? nothing : leaf.added;
  if (next === undefined) return leaf.removed;
  return deepEqual(old, next) ? nothing : leaf.modified;
}

function* compare(schema: Schema, old: Json | undefined, next: Json | undefined): Steps<FieldChanges> {
  if (old === next) return nothing;
  const whole = old === undefined ? leaf.added : next === undefined ? leaf.removed : undefined;
  if (isLeaf(schema, old, next)) return whole ?? (deepEqual(old, next) ? nothing : leaf.modified);
  if (!whole && changedShape(old!, next!)) return yield* compareShapes(schema, old!, next!);
  const below = isArrayOf(old, next)
    ? yield* compareLists(schema as ListSchema, old, next)
    : yield* compareObjects(schema, old, next);
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
function* compareShapes(schema: Schema, old: Json, next: Json): Steps<FieldChanges> {
  return {
    added: isObject(next) ? (yield* compareObjects(schema, undefined, next)).added : emptyFieldSet,
    modified: fieldSetMember,
    removed: isObject(old) ? (yield* compareObjects(schema, old, undefined)).removed : emptyFieldSet,
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

function* compareObjects(schema: Schema, old: Json | undefined, next: Json | undefined): Steps<FieldChanges> {
  const before = (old ?? {}) as JsonObject;
  const after = (next ?? {}) as JsonObject;
  const gatherer = new Gatherer();
  const rests = new Rests();
  for (const key of Object.keys(after)) {
    if (rests.isDue()) yield;
    const was = old === undefined ? undefined : before[key];
    const is = after[key];
    gatherer.put(
      `f:${key}`,
      isScalar(was) && isScalar(is)
        ? compareScalars(was, is)
        : yield* compareEntry(schema, key, { old: was, next: is, parentExisted: old !== undefined }),
    );
  }
  for (const key of Object.keys(before)) {
    if (rests.isDue()) yield;
    if (after[key] !== undefined) continue;
    const was = before[key];
    gatherer.put(
      `f:${key}`,
      isScalar(was)
        ? compareScalars(was, undefined)
        : yield* compareEntry(schema, key, { old: was, next: undefined, parentExisted: next !== undefined }),
    );
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
function* compareEntry(schema: Schema, key: string, { old, next, parentExisted }: Entry): Steps<FieldChanges> {
  const field = schema.type === 'struct' ? (schema as StructSchema).fields[key] : undefined;
  const below = field?.schema ?? (schema.type === 'map' ? (schema as MapSchema).values : untyped);
  if (!parentExisted || !isAlwaysThere(field)) return yield* compare(below, old, next);
  const zero = Array.isArray(next ?? old) ? [] : {};
  const value = (next ?? old)!;
  const appears = old === undefined || next === undefined;
  if (appears && below.type === 'struct' && !below.atomic && isObject(value) && isEmptyValue(value)) return nothing;
  if (shapeOf(value) === 'scalar' || isLeaf(below, undefined, value)) return yield* compare(below, old, next);
  return yield* compare(below, old ?? zero, next ?? zero);
}

const isAlwaysThere = (field: FieldSchema | undefined): boolean =>
  field?.schema !== undefined && field.alwaysPresent === true;

const untyped: Schema = { type: 'any' };

function* compareLists(schema: ListSchema, old: Json | undefined, next: Json | undefined): Steps<FieldChanges> {
  const before = yield* itemsByElement(schema, old);
  const after = yield* itemsByElement(schema, next);
  const gatherer = new Gatherer();
  const rests = new Rests();
  for (const [element, item] of after) {
    if (rests.isDue()) yield;
    const was = before.get(element);
    gatherer.put(
      element,
      isScalar(was as Json) && isScalar(item as Json)
        ? compareScalars(was as Json | undefined, item as Json)
        : yield* compareItems(schema, was, item),
    );
  }
  for (const [element, item] of before) {
    if (rests.isDue()) yield;
    if (!after.has(element)) gatherer.put(element, yield* compareItems(schema, item, undefined));
  }
  return gatherer.done();
}

/** Items under one key. */
class Several {
  readonly items: Json[];

  constructor(...items: Json[]) {
    this.items = items;
  }
}

type Items = Json | Several;

/** Items under one key, a fault that validation names, count as one value; it comes or goes when they begin or cease to be several. */
function* compareItems(
  { items: schema }: ListSchema,
  old: Items | undefined,
  next: Items | undefined,
): Steps<FieldChanges> {
  if (old instanceof Several) {
    if (next instanceof Several) return deepEqual(old.items, next.items) ? nothing : leaf.modified;
    return { ...(yield* compare(schema, undefined, next)), removed: fieldSetMember };
  }
  if (next instanceof Several) return { ...(yield* compare(schema, old, undefined)), added: fieldSetMember };
  return yield* compare(schema, old, next);
}

function* itemsByElement(schema: ListSchema, list: Json | undefined): Steps<Map<string, Items>> {
  const out = new Map<string, Items>();
  const rests = new Rests();
  for (const value of (list ?? []) as readonly Json[]) {
    if (rests.isDue()) yield;
    const element = elementOf(schema, value);
    const same = out.get(element);
    if (same instanceof Several) same.items.push(value);
    else out.set(element, same === undefined ? value : new Several(same, value));
  }
  return out;
}
