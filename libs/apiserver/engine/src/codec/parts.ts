import type { CacheEntry } from '../cache/cache-entry.ts';
import { isLarge } from '../write/pace.ts';

/** What an answer is made of, in order. Where there are no bytes others may have their turn. */
export interface Parts extends Iterable<Uint8Array | undefined> {
  /** Of all together, in bytes, where that is known. */
  readonly length?: number;
}

/** The steps in which a large object is read, before it is looked at. */
export function* reading(entry: CacheEntry): Generator<undefined, void> {
  if (!isLarge(entry.bytes.length)) return;
  for (const _ of entry.read()) yield undefined;
  yield undefined;
}

/** What `make` makes of an object: at once, or between other things where that takes long. */
export function oneAtATime(entry: CacheEntry, make: () => Uint8Array): Uint8Array | Parts {
  return isLarge(entry.bytes.length) ? readAndMade(entry, make) : make();
}

function* readAndMade(entry: CacheEntry, make: () => Uint8Array): Generator<Uint8Array | undefined> {
  yield* reading(entry);
  yield make();
}
