import type { Json } from './object.ts';
import type { FieldSchema, Schema } from './schema.ts';
import { badRequest } from './status-error.ts';
import { mergeOrder } from './strategic-order.ts';
import { clone, deepEqual, isObject, type JsonObject, setKey } from './value.ts';

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
    throw badRequest(`unknown patch type found: ${JSON.stringify(directive)}`);
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
  let out = [...live];
  for (const item of patch) {
    if (!isObject(item)) throw badRequest('invalid patch format: the items of a list of objects must be objects');
    if (item['$patch'] === 'delete') out = out.filter((old) => !deepEqual(keyValue(old, key), requiredKey(item, key)));
    else mergeItem(out, item, { key, items });
  }
  return mergeOrder(out, patch, live, key);
}

function mergeItem(target: Json[], item: JsonObject, how: { key: string; items: Schema | undefined }): void {
  const wanted = requiredKey(item, how.key);
  const at = target.findIndex((old) => deepEqual(keyValue(old, how.key), wanted));
  if (at < 0) target.push(mergeObject({}, item, how.items));
  else target[at] = mergeObject(target[at] as JsonObject, item, how.items);
}

const keyValue = (item: Json, key: string): Json | undefined => (isObject(item) ? item[key] : undefined);

function requiredKey(item: JsonObject, key: string): Json {
  const value = item[key];
  if (value === undefined || value === null) {
    throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  }
  return value;
}

function unique(values: readonly Json[]): Json[] {
  return values.filter((value, i) => values.findIndex((other) => deepEqual(other, value)) === i);
}

/** `$retainKeys` names all keys that may stay. */
function retainKeys(target: JsonObject, patch: JsonObject): void {
  const retained = patch['$retainKeys'];
  if (retained === undefined) return;
  if (!Array.isArray(retained)) throw badRequest('invalid patch format of retainKeys');
  for (const key of Object.keys(patch)) {
    if (!key.startsWith('$') && patch[key] !== null && !retained.includes(key))
      throw badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(target)) if (!retained.includes(key)) delete target[key];
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
    if (Array.isArray(list)) target[name] = list.filter((item) => !gone.some((other) => deepEqual(other, item)));
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
