import type { CacheEntry } from '../cache/cache-entry.ts';
import { isLarge } from '../write/pace.ts';

/** What an answer is made of, in order. Where there are no bytes others may have their turn. */
export interface Parts extends Iterable<Uint8Array | undefined> {
  /** Of all together, in bytes, where that is known. */
  readonly length?: number;
}

/** How far answers look into an object. */
export type Reads = 'bytes' | 'metadata' | 'object';

/** The steps in which a large object is read, before it is looked at. */
export function* reading(entry: CacheEntry, reads: Reads = 'object'): Generator<undefined, void> {
  if (reads === 'bytes' || !isLarge(entry.bytes.length)) return;
  for (const _ of reads === 'metadata' ? entry.readMetadata() : entry.read()) yield undefined;
  yield undefined;
}

/** What `make` makes of an object: at once, or between other things where that takes long. */
export function oneAtATime(entry: CacheEntry, make: () => Uint8Array, reads: Reads = 'object'): Uint8Array | Parts {
  return isLarge(entry.bytes.length) ? readAndMade(entry, make, reads) : make();
}

function* readAndMade(entry: CacheEntry, make: () => Uint8Array, reads: Reads): Generator<Uint8Array | undefined> {
  yield* reading(entry, reads);
  yield make();
}
