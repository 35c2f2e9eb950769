import type { Json } from './object.ts';
import type { FieldSchema, Schema } from './schema.ts';
import { badRequest } from './status-error.ts';
import { checkItems, checkOrder, keyOf, mergeFault, unknownDirective } from './strategic-faults.ts';
import { identityOf, mergeOrder } from './strategic-order.ts';
import { clone, isObject, type JsonObject, setKey } from './value.ts';

/**
 * Strategic merge patch: like a merge patch, but the schema says which lists are merged, and by which key. Source of the directives: the
 * Kubernetes documentation on strategic merge patch (facts). The result shares nothing with either argument. Throws the
 * faults that Kubernetes answers: 400, 422, or 500 for what it has no words of its own for.
 */
export function applyStrategicMergePatch(original: Json, patch: Json, schema: Schema): Json {
  if (!isObject(patch)) throw badRequest('error decoding patch: a strategic merge patch must be a JSON object');
  return mergeObject(isObject(original) ? clone(original) : {}, patch, schema);
}

const deleteFrom = '$deleteFromPrimitiveList/';
const setOrder = '$setElementOrder/';

/** Patches `target`, which is ours to change. */
function mergeObject(target: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'delete') return {};
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined) throw unknownDirective(directive, patch);
  const live = { ...target };
  retainKeys(target, patch);
  checkOrders(target, patch, schema);
  for (const key of Object.keys(patch)) {
    if (key.startsWith('$')) continue;
    patchField(target, key, patch, schema);
  }
  applyListDirectives(target, patch, live, schema);
  return target;
}

function patchField(target: JsonObject, key: string, patch: JsonObject, schema: Schema | undefined): void {
  const value = patch[key]!;
  if (value === null) {
    delete target[key];
    return;
  }
  const field = fieldOf(schema, key);
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  if (isObject(value) && isObject(old)) {
    const replaces = field?.patchStrategy?.includes('replace') === true;
    setKey(target, key, replaces ? withoutDirectives(value) : mergeObject(old, value, field?.schema));
  } else if (Array.isArray(value) && Array.isArray(old) && mergesList(field)) {
    setKey(target, key, mergeList(old, value, field!));
  } else if (isDropped(value)) {
    delete target[key];
  } else {
    setKey(target, key, withoutMarked(value));
  }
}

/** compat: what there is nothing to patch of is taken as it is, but for what stands under a directive. */
const isDropped = (value: Json): boolean => isObject(value) && Object.hasOwn(value, '$patch');

function withoutMarked(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => !isDropped(item)).map(withoutMarked);
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const key of Object.keys(value)) {
    const item = value[key]!;
    if (item !== null && !isDropped(item)) setKey(out, key, withoutMarked(item));
  }
  return out;
}

function fieldOf(schema: Schema | undefined, key: string): FieldSchema | undefined {
  if (schema?.type === 'map') return { schema: schema.values };
  if (schema?.type !== 'struct') return undefined;
  return Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
}

const mergesList = (field: FieldSchema | undefined): boolean =>
  field?.schema.type === 'list' && field.patchStrategy?.includes('merge') === true;

/** A list of structs has a merge key; one of scalars is merged as a set. What the patch names comes in the patch's order. */
function mergeList(live: readonly Json[], patch: readonly Json[], field: FieldSchema): Json[] {
  const key = field.patchMergeKey;
  checkItems(live, patch);
  if (key === undefined) return mergeOrder(unique([...live, ...patch.map(clone)]), patch, live);
  const items = field.schema.type === 'list' ? field.schema.items : undefined;
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch
      .filter((item) => isObject(item) && item['$patch'] !== 'replace')
      .map((item) => withoutDirectives(item as JsonObject));
  }
  const target = new KeyedItems(live, key);
  const objects = patch as readonly JsonObject[];
  // compat: what is deleted goes first.
  for (const item of objects) if (isDeletion(item)) target.delete(keyOf(item, key));
  for (const item of objects)
    if (!isDropped(item))
      target.merge(keyOf(item, key), (old) => (isObject(old) ? mergeObject(old, item, items) : clone(item)));
  return mergeOrder(target.items(), patch, live, key);
}

function isDeletion(item: JsonObject): boolean {
  const directive = item['$patch'];
  if (directive === undefined || directive === 'delete') return directive === 'delete';
  throw directive === 'merge'
    ? mergeFault('merging lists cannot yet be specified in the patch')
    : unknownDirective(directive, item);
}

/** A list whose items are found by their key; of several with one key the first is merged into. */
class KeyedItems {
  readonly #slots: (Json | undefined)[];
  readonly #byKey = new Map<string, number[]>();

  constructor(
    live: readonly Json[],
    private readonly key: string,
  ) {
    this.#slots = [...live];
    for (const [i, item] of live.entries()) this.#note(keyValue(item, this.key), i);
  }

  #note(value: Json | undefined, slot: number): void {
    const id = identityOf(value);
    const slots = this.#byKey.get(id);
    if (slots) slots.push(slot);
    else this.#byKey.set(id, [slot]);
  }

  delete(wanted: Json): void {
    const id = identityOf(wanted);
    for (const slot of this.#byKey.get(id) ?? []) this.#slots[slot] = undefined;
    this.#byKey.delete(id);
  }

  merge(wanted: Json, change: (old: Json | undefined) => Json): void {
    const slot = this.#byKey.get(identityOf(wanted))?.[0];
    if (slot !== undefined) {
      this.#slots[slot] = change(this.#slots[slot]);
      return;
    }
    this.#note(wanted, this.#slots.push(change(undefined)) - 1);
  }

  items(): Json[] {
    return this.#slots.filter((item) => item !== undefined);
  }
}

const keyValue = (item: Json, key: string): Json | undefined => (isObject(item) ? item[key] : undefined);

function unique(values: readonly Json[]): Json[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const id = identityOf(value);
    return !seen.has(id) && seen.add(id);
  });
}

/** `$retainKeys` names all keys that may stay. */
function retainKeys(target: JsonObject, patch: JsonObject): void {
  const retained = patch['$retainKeys'];
  if (retained === undefined) return;
  if (!Array.isArray(retained)) throw badRequest('invalid patch format of retainKeys');
  const names = new Set(retained);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith('$') && patch[key] !== null && !names.has(key))
      throw badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(target)) if (!names.has(key)) delete target[key];
}

function checkOrders(target: JsonObject, patch: JsonObject, schema: Schema | undefined): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setOrder)) continue;
    const name = key.slice(setOrder.length);
    checkOrder(patch[key]!, target[name], patch[name], fieldOf(schema, name)?.patchMergeKey);
  }
}

/** `$deleteFromPrimitiveList/<field>` and `$setElementOrder/<field>` stand beside the field they are about. */
function applyListDirectives(
  target: JsonObject,
  patch: JsonObject,
  live: JsonObject,
  schema: Schema | undefined,
): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(deleteFrom)) continue;
    const gone = patch[key];
    const name = key.slice(deleteFrom.length);
    const list = target[name];
    // compat: only from a list can be deleted, and by a list; else nothing is said of it.
    if (!Array.isArray(list) || !Array.isArray(gone)) continue;
    checkItems(list, gone);
    const ids = new Set(gone.map(identityOf));
    target[name] = list.filter((item) => !ids.has(identityOf(item)));
  }
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setOrder)) continue;
    const order = patch[key] as Json[];
    const name = key.slice(setOrder.length);
    const list = target[name];
    const mergeKey = fieldOf(schema, name)?.patchMergeKey;
    const before = live[name];
    if (Array.isArray(list)) target[name] = mergeOrder(list, order, Array.isArray(before) ? before : [], mergeKey);
  }
}

/** What a patch says when there is nothing to patch: directives and nulls carry no meaning then. */
function withoutDirectives(patch: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const key of Object.keys(patch)) {
    const value = patch[key]!;
    if (key.startsWith('$') || value === null) continue;
    setKey(out, key, isObject(value) ? withoutDirectives(value) : clone(value));
  }
  return out;
}
