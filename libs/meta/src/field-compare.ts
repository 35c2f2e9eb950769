import { ChangesBelow, type FieldChanges, leaf, nothing, type Side } from './field-changes.ts';
import { elementOf, isAssociative } from './list-items.ts';
import type { Json } from './object.ts';
import type { FieldSchema, ListSchema, Schema } from './schema.ts';
import { atOnce, Rests, type Steps } from './steps.ts';
import { deepEqual, isObject, isScalar, type JsonObject, ownValue } from './value.ts';
import { equalInSteps } from './value-in-steps.ts';

/** Compares two objects of one schema. Containers that appear or vanish as a whole are fields of their own beside what they hold. */
export function compareFields(schema: Schema, old: Json, next: Json): FieldChanges {
  return atOnce(changesOf({ schema, old, next }, false));
}

/** The same in short steps. */
export const compareFieldsInSteps = (schema: Schema, old: Json, next: Json): Steps<FieldChanges> =>
  changesOf({ schema, old, next }, true);

/** Containers wait in a list for their turn, and each comes after the one that it stands in. */
function* changesOf(both: Pick<Pair, 'schema' | 'old' | 'next'>, isLarge: boolean): Steps<FieldChanges> {
  const found = new ChangesBelow();
  const walk: Walk = { containers: [], rests: new Rests(), isLarge };
  compare({ ...both, element: ROOT, into: found }, walk);
  for (const container of walk.containers) while (!container.advance()) yield;
  for (let i = walk.containers.length - 1; i >= 0; i--) {
    if (walk.rests.isDue()) yield;
    walk.containers[i]!.settle();
  }
  return found.at(ROOT);
}

const ROOT = '';

interface Walk {
  readonly containers: Container[];
  readonly rests: Rests;
  /** What is one value may be a large one. */
  readonly isLarge: boolean;
}

/** What stood and what stands at one place. */
interface Pair {
  readonly schema: Schema;
  readonly old: Json | undefined;
  readonly next: Json | undefined;
  readonly element: string;
  /** Gets what has changed at `element`. */
  readonly into: ChangesBelow;
}

/** Settles at once what needs no look below; the rest is for later. */
function compare(pair: Pair, walk: Walk): void {
  const { schema, old, next, element, into } = pair;
  if (old === next) return;
  const whole = old === undefined ? 'added' : next === undefined ? 'removed' : undefined;
  if (isLeaf(schema, old, next)) {
    if (!whole && walk.isLarge && !isScalar(old) && !isScalar(next))
      walk.containers.push(new LargeValue(pair, whole, walk));
    else into.put(element, whole ? leaf[whole] : compareWhole(old, next));
  } else if (!whole && changedShape(old!, next!)) {
    // Another sort of value where anything may stand: what lay below is gone or new, and the value itself has changed.
    into.put(element, leaf.modified);
    if (isObject(next)) walk.containers.push(new ObjectPair({ ...pair, old: undefined }, undefined, walk));
    if (isObject(old)) walk.containers.push(new ObjectPair({ ...pair, next: undefined }, undefined, walk));
  } else {
    const Pairs = Array.isArray(next ?? old) ? ListPair : ObjectPair;
    walk.containers.push(new Pairs(pair, whole, walk));
  }
}

function compareWhole(old: Json | undefined, next: Json | undefined): FieldChanges {
  if (old === undefined) return next === undefined ? nothing : leaf.added;
  if (next === undefined) return leaf.removed;
  return deepEqual(old, next) ? nothing : leaf.modified;
}

/** One value to managed fields: scalars, atomic lists and maps, what is empty on both sides. */
export function isLeaf(schema: Schema, old: Json | undefined, next: Json | undefined): boolean {
  if ('atomic' in schema && schema.atomic) return true;
  if (schema.type === 'struct' && schema.wire !== undefined) return true;
  if (isEmptyValue(old) && isEmptyValue(next)) return true;
  return isOne(schema, old) && isOne(schema, next);
}

const isOne = (schema: Schema, value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) ? !(schema.type === 'list' && isAssociative(schema)) : !isObject(value));

const changedShape = (old: Json, next: Json): boolean =>
  old !== null && next !== null && shapeOf(old) !== shapeOf(next);

function shapeOf(value: Json): 'list' | 'object' | 'scalar' {
  if (Array.isArray(value)) return 'list';
  return isObject(value) ? 'object' : 'scalar';
}

function isEmptyValue(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** A pair below which there is more. */
abstract class Container {
  protected readonly found = new ChangesBelow();

  constructor(
    protected readonly pair: Pair,
    private readonly whole: Side | undefined,
    protected readonly walk: Walk,
  ) {}

  /** Compares what stands in it, until a rest is due. Has it come to the end? */
  abstract advance(): boolean;

  /** Once everything below is settled. */
  settle(): void {
    this.pair.into.put(this.pair.element, this.found.with(this.whole));
  }
}

/** One value to managed fields, and yet one of many entries. */
class LargeValue extends Container {
  readonly #steps = equalInSteps(this.pair.old, this.pair.next);
  #changes = nothing;

  advance(): boolean {
    const { done, value: equal } = this.#steps.next();
    if (done && !equal) this.#changes = leaf.modified;
    return done === true;
  }

  override settle(): void {
    this.pair.into.put(this.pair.element, this.#changes);
  }
}

class ObjectPair extends Container {
  readonly #before = (this.pair.old ?? {}) as JsonObject;
  readonly #after = (this.pair.next ?? {}) as JsonObject;
  readonly #keys = Object.keys(this.#after);
  readonly #oldKeys = Object.keys(this.#before);
  #at = 0;
  /** How many of the old keys are there still. */
  #kept = 0;

  advance(): boolean {
    const now = this.#keys.length;
    for (; this.#at < now; this.#at++) {
      if (this.walk.rests.isDue()) return false;
      const key = this.#keys[this.#at]!;
      const old = ownValue(this.#before, key);
      if (old !== undefined) this.#kept++;
      this.#compare(key, old, this.#after[key]);
    }
    if (this.#kept === this.#oldKeys.length) return true;
    for (; this.#at < now + this.#oldKeys.length; this.#at++) {
      if (this.walk.rests.isDue()) return false;
      const key = this.#oldKeys[this.#at - now]!;
      if (!Object.hasOwn(this.#after, key)) this.#compare(key, this.#before[key], undefined);
    }
    return true;
  }

  #compare(key: string, old: Json | undefined, next: Json | undefined): void {
    if (!isScalar(old) || !isScalar(next)) this.#look(key, old, next);
    else if (old !== next) this.found.put(`f:${key}`, compareWhole(old, next));
  }

  /**
   * compat: a field that Go always writes is never absent, so a struct of it that appears is not itself owned (`f:spec` has no `.`), and
   * likewise when it vanishes.
   */
  #look(key: string, old: Json | undefined, next: Json | undefined): void {
    const { schema } = this.pair;
    const field = fieldNamed(schema, key);
    const below = schemaBelow(schema, field);
    const pair = { schema: below, old, next, element: `f:${key}`, into: this.found };
    const absent = old === undefined || next === undefined;
    const stood = this.pair.old !== undefined && this.pair.next !== undefined;
    if (!absent || !stood || !isAlwaysThere(field)) return compare(pair, this.walk);
    const value = (next ?? old)!;
    if (below.type === 'struct' && !below.atomic && isObject(value) && isEmptyValue(value)) return;
    if (isLeaf(below, undefined, value)) return compare(pair, this.walk);
    const zero = Array.isArray(value) ? [] : {};
    compare({ ...pair, old: old ?? zero, next: next ?? zero }, this.walk);
  }
}

export const fieldNamed = (schema: Schema, key: string): FieldSchema | undefined =>
  schema.type === 'struct' || schema.type === 'any' ? schema.fields?.[key] : undefined;

/** Of a field of a struct, or of the entries of a map; where neither is known, anything may stand. */
export function schemaBelow(schema: Schema, field: FieldSchema | undefined): Schema {
  if (field?.schema) return field.schema;
  if (schema.type === 'map') return schema.values;
  return (schema.type === 'struct' || schema.type === 'any' ? schema.others : undefined) ?? untyped;
}

export const isAlwaysThere = (field: FieldSchema | undefined): boolean =>
  field?.schema !== undefined && field.alwaysPresent === true;

const untyped: Schema = { type: 'any' };

class ListPair extends Container {
  readonly #schema = this.pair.schema as ListSchema;
  readonly #before = new ItemsByElement(this.#schema, this.pair.old);
  readonly #after = new ItemsByElement(this.#schema, this.pair.next);
  #elements: readonly string[] | undefined;
  #at = 0;

  advance(): boolean {
    if (!this.#before.gather(this.walk.rests) || !this.#after.gather(this.walk.rests)) return false;
    const { items } = this.#after;
    this.#elements ??= [...items.keys(), ...this.#before.items.keys()];
    for (; this.#at < this.#elements.length; this.#at++) {
      if (this.walk.rests.isDue()) return false;
      const element = this.#elements[this.#at]!;
      if (this.#at < items.size || !items.has(element)) this.#compare(element);
    }
    return true;
  }

  /** Items under one key, a fault that validation names, count as one value; it comes or goes when they begin or cease to be several. */
  #compare(element: string): void {
    const [old, next] = [this.#before.items.get(element), this.#after.items.get(element)];
    const { found } = this;
    if (old instanceof Several && next instanceof Several)
      return found.put(element, deepEqual(old.all, next.all) ? nothing : leaf.modified);
    if (old instanceof Several) found.put(element, leaf.removed);
    if (next instanceof Several) found.put(element, leaf.added);
    const pair = { schema: this.#schema.items, old: oneOf(old), next: oneOf(next), element, into: found };
    compare(pair, this.walk);
  }
}

/** Items under one key. */
class Several {
  constructor(readonly all: Json[]) {}
}

const oneOf = (items: Json | Several | undefined): Json | undefined => (items instanceof Several ? undefined : items);

/** What stands in a list, under what tells it apart. */
class ItemsByElement {
  readonly items = new Map<string, Json | Several>();
  readonly #list: readonly Json[];
  #at = 0;

  constructor(
    private readonly schema: ListSchema,
    list: Json | undefined,
  ) {
    this.#list = (list ?? []) as readonly Json[];
  }

  /** Until a rest is due. Is it all of them? */
  gather(rests: Rests): boolean {
    for (; this.#at < this.#list.length; this.#at++) {
      if (rests.isDue()) return false;
      const value = this.#list[this.#at]!;
      const element = elementOf(this.schema, value);
      const same = this.items.get(element);
      if (same instanceof Several) same.all.push(value);
      else this.items.set(element, same === undefined ? value : new Several([same, value]));
    }
    return true;
  }
}
