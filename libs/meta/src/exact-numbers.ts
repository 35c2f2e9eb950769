import { cannotUnmarshal } from './decode-words.ts';
import { keptInteger } from './json/long-integer.ts';
import type { Json } from './object.ts';
import { type Place, pathOf } from './schema-place.ts';
import { type JsonObject, setKey } from './value.ts';

/** Why an integer is refused that its field cannot hold. */
export const notExact = (value: bigint, place: Place | undefined): string =>
  `${pathOf(place)}: integer ${value} cannot be kept exactly: this field holds whole numbers up to ${Number.MAX_SAFE_INTEGER}`;

interface Visit {
  readonly holder: JsonObject | Json[];
  readonly place: Place | undefined;
}

/**
 * Makes of integers as they were sent, in place, what is kept of them. What `refuse` makes of the first number that is too large for any is
 * thrown. With a stack of its own, however deep the value.
 */
export function keepExactNumbers(value: JsonObject, refuse: (why: string) => Error): void {
  const left: Visit[] = [{ holder: value, place: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { holder, place: parent } = next;
    const members = holder as Readonly<Record<string, Json>>;
    for (const key in members) {
      const item = members[key]!;
      if (typeof item === 'bigint') setKey(holder as JsonObject, key, keptInteger(item));
      const isNumber = typeof item === 'number';
      if (!isNumber && (typeof item !== 'object' || item === null)) continue;
      const place: Place = { parent, key: Array.isArray(holder) ? Number(key) : key };
      if (!isNumber) left.push({ holder: item, place });
      else if (!Number.isFinite(item)) throw refuse(cannotUnmarshal('number', pathOf(place), 'float64'));
    }
  }
}
