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

/** A key may be as long as a request. */
const MOST_LETTERS = 4096;

/** `spec.containers[0].image`; of a very long one the beginning. */
export const pathOf = (place: Place | undefined): string => cutAt(wholePath(place), MOST_LETTERS);

function wholePath(place: Place | undefined): string {
  if (!place) return '';
  const before = wholePath(place.parent);
  if (typeof place.key === 'number') return `${before}[${place.key}]`;
  return before === '' ? place.key : `${before}.${place.key}`;
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
