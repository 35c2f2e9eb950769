import { cannotUnmarshal } from './decode-words.ts';
import type { Json } from './object.ts';
import { type Place, pathOf } from './schema-place.ts';
import { type JsonObject, setKey } from './value.ts';

/** Why an integer is refused that no number can hold. */
export const notExact = (value: bigint, place: Place | undefined): string =>
  `${pathOf(place)}: integer ${value} cannot be kept exactly: whole numbers are kept up to ${Number.MAX_SAFE_INTEGER}`;

/** The number that is this integer, and is written like it; undefined where there is none. */
export function exactNumber(value: bigint): number | undefined {
  const number = Number(value);
  return String(number) === String(value) ? number : undefined;
}

interface Visit {
  readonly holder: JsonObject | Json[];
  readonly place: Place | undefined;
}

/**
 * Makes numbers, in place, of the bigints that are exactly one (some powers of two); what `refuse` makes of the first that is none, or of a
 * number that is too large for one, is thrown. With a stack of its own, however deep the value.
 */
export function keepExactNumbers(value: JsonObject, refuse: (why: string) => Error): void {
  const left: Visit[] = [{ holder: value, place: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { holder, place: parent } = next;
    const members = holder as Readonly<Record<string, Json>>;
    for (const key in members) {
      const item = members[key] as Json | bigint;
      const isNumber = typeof item === 'bigint' || typeof item === 'number';
      if (!isNumber && (typeof item !== 'object' || item === null)) continue;
      const place: Place = { parent, key: Array.isArray(holder) ? Number(key) : key };
      if (!isNumber) left.push({ holder: item as JsonObject | Json[], place });
      else if (typeof item === 'bigint') setKey(holder as JsonObject, key, exact(item, place, refuse));
      else if (!Number.isFinite(item)) throw refuse(cannotUnmarshal('number', pathOf(place), 'float64'));
    }
  }
}

function exact(value: bigint, place: Place, refuse: (why: string) => Error): number {
  const number = exactNumber(value);
  if (number !== undefined) return number;
  throw refuse(notExact(value, place));
}
