import { type Json, type JsonObject, Rests, type Schema, type Steps } from '@kubernest/meta';
import { itemOf, memberOf, ofEveryObject } from './parts.ts';

export interface PruneOptions {
  /** Collect the paths of what is dropped. */
  readonly collectUnknown?: boolean;
}

interface Visit {
  readonly value: Json;
  /** Absent where nothing is known. */
  readonly schema: Schema | undefined;
  /** Nothing here is unknown, whatever the schema names. */
  readonly keepsAll: boolean;
  readonly path: string;
}

/**
 * Drops, in place, what the schema does not know; of objects within objects everything but what all have. The paths of what was dropped come
 * sorted: `spec.x[0].y`. Linear in the object, in steps, with a stack of constant depth. Idempotent.
 */
export function* prune(object: Json, schema: Schema, options: PruneOptions = {}): Steps<readonly string[]> {
  const unknown: string[] = [];
  const rests = new Rests();
  const left: Visit[] = [];
  enter(left, object, () => visitOf(object, schema, ''));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (rests.isDue()) yield;
    const { value, path } = next;
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) {
        if (rests.isDue()) yield;
        enter(left, item, () => itemVisit(next, item, options.collectUnknown ? `${path}[${i}]` : ''));
      }
      continue;
    }
    for (const key of Object.keys(value as JsonObject)) {
      if (rests.isDue()) yield;
      const at = options.collectUnknown ? join(path, key) : '';
      if (!keep(next, key, at, left) && options.collectUnknown && !(path === '' && ofEveryObject.has(key)))
        unknown.push(at);
    }
  }
  return unknown.sort();
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const visitOf = (value: Json, schema: Schema | undefined, path: string): Visit => ({
  value,
  schema,
  keepsAll: schema?.preserveUnknownFields === true,
  path,
});

function enter(left: Visit[], value: Json, visit: () => Visit | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  const next = visit();
  if (next) left.push(next);
}

function itemVisit({ schema, keepsAll }: Visit, value: Json, path: string): Visit | undefined {
  const items = itemOf(schema);
  // compat: what is in a list that keeps everything keeps everything, whatever is known of the items.
  if (keepsAll) return items && { value, schema: items, keepsAll: true, path };
  return visitOf(value, items, path);
}

/** False when the member is unknown and gone. */
function keep({ value, schema, keepsAll }: Visit, key: string, path: string, left: Visit[]): boolean {
  const object = value as JsonObject;
  if (schema?.type === 'struct' && schema.embeddedResource && ofEveryObject.has(key)) return true;
  const member = memberOf(schema, key);
  if (member !== undefined) {
    const item = object[key]!;
    enter(left, item, () => visitOf(item, member, path));
    return true;
  }
  if (keepsAll) return true;
  delete object[key];
  return false;
}
