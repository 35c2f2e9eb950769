import { goStructName } from './go-words.ts';
import type { StructSchema } from './schema.ts';
import { cutAt } from './told-faults.ts';

/** Where the walk is: a chain of parents, turned into text only when there is something to say. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** The struct whose field this is; absent for entries of maps and lists. */
  readonly struct?: StructSchema;
}

/** Of a path so much is told: a key may be as long as a request. */
export const MOST_PATH_LETTERS = 4096;

/** `spec.containers[0].image`; of a very long one the beginning. Costs no more than what is told, and the depth. */
export function pathOf(place: Place | undefined): string {
  const keys: (string | number)[] = [];
  for (let at = place; at; at = at.parent) keys.push(at.key);
  let path = '';
  for (let key = keys.pop(); key !== undefined && path.length <= MOST_PATH_LETTERS; key = keys.pop()) {
    if (typeof key === 'number') path += `[${key}]`;
    else path += (path === '' ? '' : '.') + key.slice(0, MOST_PATH_LETTERS + 1);
  }
  return cutAt(path, MOST_PATH_LETTERS);
}

/** The way to a field as Go tells it: names of struct fields only, and of the types that are embedded on it. */
export function fieldStack(place: Place | undefined): string {
  if (!place) return '';
  const before = fieldStack(place.parent);
  if (!place.struct) return before;
  const { embeddedIn } = place.struct.fields[place.key]!;
  return [before, embeddedIn, place.key].filter((step) => step).join('.');
}

/** The struct whose field is innermost here, by Go's name. */
export function structOf(place: Place | undefined, kind: string): string | undefined {
  if (!place) return undefined;
  return place.struct ? goStructName(place.struct, place.parent ? undefined : kind) : structOf(place.parent, kind);
}
