import {
  type Json,
  type JsonObject,
  MOST_TOLD_FAULTS,
  type Place,
  pathOf,
  Rests,
  type Schema,
  type Steps,
} from '@kubernest/meta';
import { itemOf, memberOf, ofEveryObject } from './parts.ts';

export interface PruneOptions {
  /** Collect the paths of what is dropped, as many as anybody is told of. */
  readonly collectUnknown?: boolean;
}

interface Visit {
  readonly value: Json;
  /** Absent where nothing is known. */
  readonly schema: Schema | undefined;
  /** Nothing here is unknown, whatever the schema names. */
  readonly keepsAll: boolean;
  /** Absent at the root. */
  readonly place: Place | undefined;
}

/**
 * Drops, in place, what the schema does not know; of objects within objects everything but what all have. The paths of what was dropped first come
 * sorted: `spec.x[0].y`. Linear in the object, in steps, with a stack of constant depth. Idempotent.
 */
export function* prune(object: Json, schema: Schema, options: PruneOptions = {}): Steps<readonly string[]> {
  const unknown: string[] = [];
  const rests = new Rests();
  const left: Visit[] = [];
  enter(left, object, () => visitOf(object, schema, undefined));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value, place: parent } = next;
    if (Array.isArray(value)) {
      for (const [key, item] of value.entries()) {
        if (rests.isDue()) yield;
        enter(left, item, () => itemVisit(next, item, { parent, key }));
      }
      continue;
    }
    for (const key of Object.keys(value as JsonObject)) {
      if (rests.isDue()) yield;
      const place = { parent, key };
      if (keep(next, place, left) || !options.collectUnknown || unknown.length >= MOST_TOLD_FAULTS) continue;
      if (parent || !ofEveryObject.has(key)) unknown.push(pathOf(place));
    }
  }
  return unknown.sort();
}

const visitOf = (value: Json, schema: Schema | undefined, place: Place | undefined): Visit => ({
  value,
  schema,
  keepsAll: schema?.preserveUnknownFields === true,
  place,
});

function enter(left: Visit[], value: Json, visit: () => Visit | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  const next = visit();
  if (next) left.push(next);
}

function itemVisit({ schema, keepsAll }: Visit, value: Json, place: Place): Visit | undefined {
  const items = itemOf(schema);
  // compat: what is in a list that keeps everything keeps everything, whatever is known of the items.
  if (keepsAll) return items && { value, schema: items, keepsAll: true, place };
  return visitOf(value, items, place);
}

/** False when the member is unknown and gone. */
function keep({ value, schema, keepsAll }: Visit, place: Place & { readonly key: string }, left: Visit[]): boolean {
  const object = value as JsonObject;
  const { key } = place;
  if (schema?.type === 'struct' && schema.embeddedResource && ofEveryObject.has(key)) return true;
  const member = memberOf(schema, key);
  if (member !== undefined) {
    const item = object[key]!;
    enter(left, item, () => visitOf(item, member, place));
    return true;
  }
  if (keepsAll) return true;
  delete object[key];
  return false;
}
