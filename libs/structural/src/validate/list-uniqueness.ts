import {
  append,
  type FieldError,
  fieldDuplicate,
  fieldInvalid,
  isObject,
  type Json,
  type JsonObject,
  MOST_FAULTS,
  ownValue,
  Rests,
  type Schema,
  type Steps,
} from '@kubernest/meta';
import { childOf } from '../field-path.ts';
import { declaredMemberOf, itemOf, reaching } from '../parts.ts';
import { sortedJson } from '../sorted-json.ts';
import { keysOf, scalarText } from './list-keys.ts';

interface Visit {
  readonly value: Json;
  readonly schema: Schema;
  readonly path: string;
}

const mayRepeat = reaching((schema) => schema.type === 'list' && schema.listType !== 'atomic');

/** Faults of sets that hold a value twice, and of lists that hold two items of the same keys. Linear in the object, in steps. */
export function* uniquenessFaults(object: Json, schema: Schema, path: string): Steps<FieldError[]> {
  const faults: FieldError[] = [];
  const rests = new Rests();
  const left: Visit[] = [];
  const enter = (value: Json, known: Schema | undefined, at: string): void => {
    if (typeof value === 'object' && value !== null && known && mayRepeat(known))
      left.push({ value, schema: known, path: at });
  };
  enter(object, schema, path);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value, schema: known, path: at } = next;
    if (faults.length >= MOST_FAULTS) break;
    if (Array.isArray(value)) {
      if (known.type === 'list') append(faults, yield* listFaults(value, known, at));
      const items = itemOf(known);
      if (!items || !mayRepeat(items)) continue;
      for (const [i, item] of value.entries()) {
        if (rests.isDue()) yield;
        enter(item, items, `${at}[${i}]`);
      }
      continue;
    }
    for (const key of Object.keys(value as object)) {
      if (rests.isDue()) yield;
      enter((value as JsonObject)[key]!, declaredMemberOf(known, key), memberPath(known, key, at));
    }
  }
  return faults.slice(0, MOST_FAULTS);
}

/** The path of a field, or of the entry of a map. */
export function memberPath(schema: Schema, key: string, path: string): string {
  const isField = 'fields' in schema && ownValue(schema.fields, key) !== undefined;
  return isField ? childOf(path, key) : `${path}[${key}]`;
}

type ListOf = Schema & { readonly type: 'list' };

function* listFaults(list: readonly Json[], { listType, keys = [] }: ListOf, path: string): Steps<FieldError[]> {
  if (listType === 'atomic') return [];
  if (listType === 'set') return yield* repeated(list, whole, path);
  const wrong = list.findIndex((item) => item !== null && !isObject(item));
  if (wrong >= 0)
    return [fieldInvalid(`${path}[${wrong}]`, list[wrong], 'must be an object for an array of list-type map')];
  return yield* repeated(list, byKeys(keys), path);
}

function keysIn(item: Json, keys: readonly string[]): Json {
  const found: [string, Json][] = [];
  for (const key of keys) {
    const value = isObject(item) ? ownValue(item, key) : undefined;
    if (value !== undefined) found.push([key, value]);
  }
  return Object.fromEntries(found);
}

interface Repeatable {
  /** The same for the same. */
  mark(item: Json): unknown;
  /** What is told of it. */
  told(item: Json): Json;
}

const whole: Repeatable = { mark: markOf, told: (item) => item };

const byKeys = (keys: readonly string[]): Repeatable => ({
  mark: (item) => keysOf(keys, item) ?? markOf(keysIn(item, keys)),
  told: (item) => keysIn(item, keys),
});

function markOf(value: Json): unknown {
  if (typeof value === 'string') return scalarText(value);
  return typeof value === 'object' && value !== null ? sortedJson(value) : value;
}

/** compat: of a value that stands there often the second place is told, and no other. */
function* repeated(list: readonly Json[], { mark, told }: Repeatable, path: string): Steps<FieldError[]> {
  const faults: FieldError[] = [];
  const rests = new Rests();
  const [seen, again] = [new Set<unknown>(), new Set<unknown>()];
  for (let i = 0; i < list.length; i++) {
    if (rests.isDue()) yield;
    const item = list[i]!;
    const key = mark(item);
    if (!seen.has(key)) seen.add(key);
    else if (!again.has(key) && faults.length < MOST_FAULTS) {
      again.add(key);
      faults.push(fieldDuplicate(`${path}[${i}]`, told(item)));
    }
  }
  return faults;
}
