import {
  equalInSteps,
  isObject,
  type Json,
  ownValue,
  Rests,
  type Schema,
  type Steps,
  type ValueChecks,
} from '@kubernest/meta';
import { itemOf, memberOf } from '../parts.ts';
import { keysOf } from './list-keys.ts';

/** A value before and after an update, and what the schema says of both: so that what nobody changed may stay as it was. */
export class Correlated {
  #isEqual: boolean | undefined;
  readonly #children = new Map<string | number, Correlated>();
  #items: ReadonlyMap<string, Json> | undefined;

  constructor(
    readonly next: Json,
    readonly old: Json,
    private readonly schema: Schema | undefined,
    private readonly checks: ValueChecks | undefined,
  ) {}

  /** The same member before; undefined where there was none, or nothing is known of it. */
  member(key: string): Correlated | undefined {
    const known = this.#children.get(key);
    if (known) return known;
    if (!isObject(this.next) || !isObject(this.old)) return undefined;
    const [next, old] = [ownValue(this.next, key), ownValue(this.old, key)];
    const checks = ownValue(this.checks?.properties, key) ?? (this.checks?.others || undefined);
    if (next === undefined || old === undefined || !checks) return undefined;
    return this.#child(key, { next, old, schema: memberOf(this.schema, key), checks });
  }

  /** The item that had the same keys before; of other lists none is the same. */
  item(index: number): Correlated | undefined {
    const known = this.#children.get(index);
    if (known) return known;
    if (!Array.isArray(this.next) || !Array.isArray(this.old)) return undefined;
    const next = this.next[index];
    const old = next === undefined ? undefined : this.#oldItem(next);
    if (old === undefined || !this.checks?.items) return undefined;
    return this.#child(index, { next: next!, old, schema: itemOf(this.schema), checks: this.checks.items });
  }

  #child(key: string | number, of: { next: Json; old: Json; schema: Schema | undefined; checks: ValueChecks }) {
    const child = new Correlated(of.next, of.old, of.schema, of.checks);
    this.#children.set(key, child);
    return child;
  }

  #oldItem(next: Json): Json | undefined {
    const keys = this.#keys();
    const key = keys && keysOf(keys, next);
    return key === undefined ? undefined : this.#items?.get(key);
  }

  /** To be run before items are asked for. Linear, in steps. */
  *indexItems(): Steps<void> {
    const keys = this.#keys();
    if (keys && Array.isArray(this.old)) this.#items ??= yield* firstOfEach(keys, this.old);
  }

  #keys(): readonly string[] | undefined {
    return this.schema?.type === 'list' && this.schema.listType === 'map' ? this.schema.keys : undefined;
  }

  /**
   * Whether it is as it was. compat: the order of items that have keys does not matter, and what the schema does not know of an object makes it
   * another. Linear in both, in steps, answered once.
   */
  *isEqual(): Steps<boolean> {
    this.#isEqual ??= yield* this.#compare();
    return this.#isEqual;
  }

  *#compare(): Steps<boolean> {
    const { next, old } = this;
    if (Array.isArray(next) && Array.isArray(old)) return yield* this.#sameItems(next, old);
    if (!isObject(next) || !isObject(old)) return next === old;
    const keys = Object.keys(next);
    if (keys.length !== Object.keys(old).length) return false;
    const rests = new Rests();
    for (const key of keys) {
      if (rests.isDue()) yield;
      const child = this.member(key);
      if (!child || !(yield* child.isEqual())) return false;
    }
    return true;
  }

  *#sameItems(next: readonly Json[], old: readonly Json[]): Steps<boolean> {
    if (next.length !== old.length) return false;
    if (!this.#keys()) return yield* equalInSteps(old, next);
    yield* this.indexItems();
    const rests = new Rests();
    for (let i = 0; i < next.length; i++) {
      if (rests.isDue()) yield;
      const child = this.item(i);
      if (!child || !(yield* child.isEqual())) return false;
    }
    return true;
  }
}

function* firstOfEach(keys: readonly string[], items: readonly Json[]): Steps<ReadonlyMap<string, Json>> {
  const found = new Map<string, Json>();
  const rests = new Rests();
  for (const item of items) {
    if (rests.isDue()) yield;
    const key = keysOf(keys, item);
    if (key !== undefined && !found.has(key)) found.set(key, item);
  }
  return found;
}
