import { goShown, goTypeOf } from './go-print.ts';
import type { Json } from './object.ts';
import { StatusError } from './status-error.ts';
import { isObject, type JsonObject } from './value.ts';

/** compat: what Kubernetes does not count as the client's fault answers 500 with no reason. */
export const mergeFault = (why: string): StatusError => new StatusError(500, '', why);

export const noMergeKey = (item: JsonObject, key: string): StatusError =>
  mergeFault(`map: ${goShown(item)} does not contain declared merge key: ${key}`);

export const unknownDirective = (directive: Json, patch: JsonObject): StatusError =>
  mergeFault(`unknown patch type: ${verbS(directive)} in map: ${goShown(patch)}`);

/** compat: Go's `%s` of what is no text. */
const verbS = (value: Json): string => {
  if (typeof value === 'string') return value;
  return value === null ? '%!s(<nil>)' : `%!s(${goTypeOf(value)}=${goShown(value)})`;
};

const wrongArgument = (wanted: Json, value: Json): StatusError =>
  mergeFault(`expected a ${goTypeOf(wanted)}, but received a ${goTypeOf(value)}`);

/** Items are all of one type, and none is a list. */
export function checkItems(live: readonly Json[], patch: readonly Json[]): void {
  const items = [...live, ...patch];
  if (Array.isArray(items[0])) {
    const cause = { reason: 'FieldValueInvalid', message: 'lists of lists are not supported', field: 'patch' };
    const words = 'the server rejected our request due to an error in our request';
    throw new StatusError(422, 'Invalid', words, { causes: [cause] });
  }
  const type = items.length > 0 ? goTypeOf(items[0]!) : '';
  if (type === '<nil>' || items.some((item) => goTypeOf(item) !== type))
    throw mergeFault(`list element types are not identical: ${goShown([live as Json, patch as Json])}`);
}

/** What `$setElementOrder/<field>` says names the patch's items in the patch's order. */
export function checkOrder(order: Json, live: Json | undefined, patch: Json | undefined, mergeKey?: string): void {
  for (const list of [order, live, patch])
    if (list !== undefined && !Array.isArray(list)) throw wrongArgument([], list);
  const wanted = order as readonly Json[];
  const items = (patch ?? []) as readonly Json[];
  if (wanted.length === 0 || items.length === 0) return;
  const kept = mergeKey === undefined ? items : items.filter((item) => objectOf(item)['$patch'] !== 'delete');
  let next = 0;
  for (let at = 0; at < wanted.length; at++) {
    while (next < kept.length && isDirective(kept[next]!)) next++;
    if (next >= kept.length) return;
    if (isSame(kept[next]!, wanted[at]!, mergeKey)) next++;
  }
  if (next < kept.length)
    throw mergeFault(
      `The order in patch list:\n${goShown(patch!)}\n doesn't match $setElementOrder list:\n${goShown(order)}\n`,
    );
}

const isDirective = (item: Json): boolean => isObject(item) && Object.hasOwn(item, '$patch');

function isSame(one: Json, other: Json, mergeKey: string | undefined): boolean {
  if (mergeKey === undefined) return one === other;
  return keyOf(objectOf(one), mergeKey) === keyOf(objectOf(other), mergeKey);
}

function objectOf(item: Json): JsonObject {
  if (!isObject(item)) throw wrongArgument({}, item);
  return item;
}

/** A null is a value. */
export function keyOf(item: JsonObject, mergeKey: string): Json {
  if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
  return item[mergeKey]!;
}
