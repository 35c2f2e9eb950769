import type { Json } from './object.ts';
import type { FieldSchema, Schema } from './schema.ts';
import { badRequest } from './status-error.ts';
import { identityOf, mergeOrder } from './strategic-order.ts';
import { clone, isObject, type JsonObject, setKey, shownJson } from './value.ts';

/**
 * Strategic merge patch: like a merge patch, but the schema says which lists are merged, and by which key. Source of the directives: the
 * Kubernetes documentation on strategic merge patch (facts). The result shares nothing with either argument. Throws 400.
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
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`unknown patch type found: ${shownJson(directive)}`);
  const live = { ...target };
  retainKeys(target, patch);
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
  if (isObject(value)) {
    const replaces = field?.patchStrategy?.includes('replace') === true;
    setKey(
      target,
      key,
      replaces ? withoutDirectives(value) : mergeObject(isObject(old) ? old : {}, value, field?.schema),
    );
  } else if (Array.isArray(value) && mergesList(field)) {
    setKey(target, key, mergeList(Array.isArray(old) ? old : [], value, field!));
  } else {
    setKey(target, key, clone(value));
  }
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
  if (key === undefined) return mergeOrder(unique([...live, ...patch.map(clone)]), patch, live);
  const items = field.schema.type === 'list' ? field.schema.items : undefined;
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch
      .filter((item) => isObject(item) && item['$patch'] !== 'replace')
      .map((item) => withoutDirectives(item as JsonObject));
  }
  const target = new KeyedItems(live, key);
  for (const item of patch) {
    if (!isObject(item)) throw badRequest('invalid patch format: the items of a list of objects must be objects');
    const wanted = requiredKey(item, key);
    if (item['$patch'] === 'delete') target.delete(wanted);
    else target.merge(wanted, (old) => mergeObject(isObject(old) ? old : {}, item, items));
  }
  return mergeOrder(target.items(), patch, live, key);
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

function requiredKey(item: JsonObject, key: string): Json {
  const value = item[key];
  if (value === undefined || value === null) {
    throw badRequest(`map: ${shownJson(item)} does not contain declared merge key: ${key}`);
  }
  return value;
}

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
    if (!Array.isArray(gone)) throw badRequest('invalid patch format of primitive list');
    const name = key.slice(deleteFrom.length);
    const list = target[name];
    if (!Array.isArray(list)) continue;
    const ids = new Set(gone.map(identityOf));
    target[name] = list.filter((item) => !ids.has(identityOf(item)));
  }
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setOrder)) continue;
    const order = patch[key];
    if (!Array.isArray(order)) throw badRequest('invalid patch format of setElementOrder list');
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
