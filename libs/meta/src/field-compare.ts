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
  const below = isArrayOf(old, next)
    ? compareLists(schema as ListSchema, old, next)
    : compareObjects(schema, old, next);
  return whole ? withSelf(below, old === undefined) : below;
}

const isArrayOf = (old: Json | undefined, next: Json | undefined): boolean => Array.isArray(next ?? old);

/** One value to managed fields: scalars, atomic lists and maps, what is empty on both sides, what changed its shape. */
function isLeaf(schema: Schema, old: Json | undefined, next: Json | undefined): boolean {
  if (old !== undefined && next !== undefined && shapeOf(old) !== shapeOf(next)) return true;
  const shape = shapeOf((next ?? old)!);
  if (shape === 'scalar') return true;
  if ('atomic' in schema && schema.atomic) return true;
  if (schema.type === 'struct' && schema.wire !== undefined) return true;
  if (shape === 'list' && !(schema.type === 'list' && isAssociative(schema))) return true;
  return isEmptyValue(old) && isEmptyValue(next);
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

/** Items under the same key are a fault that validation names; here they count as one value. */
function compareItems(
  schema: ListSchema,
  old: readonly Json[] | undefined,
  next: readonly Json[] | undefined,
): FieldChanges {
  if ((old?.length ?? 1) === 1 && (next?.length ?? 1) === 1) {
    const changes = compare(schema.items, old?.[0], next?.[0]);
    return changes;
  }
  if (!old) return leaf.added;
  if (!next) return leaf.removed;
  return deepEqual(old, next) ? nothing : leaf.modified;
}

function itemsByElement(schema: ListSchema, list: Json | undefined): Map<string, Json[]> {
  const out = new Map<string, Json[]>();
  for (const { element, value } of identify(schema, (list ?? []) as Json[]) as Iterable<ListItem>) {
    const same = out.get(element);
    if (same) same.push(value);
    else out.set(element, [value]);
  }
  return out;
}
