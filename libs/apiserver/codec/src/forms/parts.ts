import type { Looks } from '@kubernest/definitions';
import type { Steps } from '@kubernest/meta';
import type { CacheEntry } from '../entries/cache-entry.ts';
import { isLarge } from '../pace.ts';
import type { WatchForm } from './form.ts';

/** What an answer is made of, in order. Where there are no bytes others may have their turn. */
export interface Parts extends Iterable<Uint8Array | undefined> {
  /** Of all together, in bytes, where that is known. */
  readonly length?: number;
}

/** How far answers look into an object. */
export type Reads = 'bytes' | 'metadata' | 'object';

/** Steps as the places of an answer where others may have their turn. */
export function* withTurns<T>(steps: Steps<T>): Generator<undefined, T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield undefined;
  }
}

/** The steps in which a large object is read, before it is looked at. */
export function* reading(entry: CacheEntry, reads: Reads = 'object'): Generator<undefined, void> {
  if (reads === 'bytes' || !isLarge(entry.bytes.length)) return;
  for (const _ of reads === 'metadata' ? entry.readMetadata() : entry.read()) yield undefined;
  yield undefined;
}

type Making = Pick<WatchForm, 'making' | 'isDear'>;

const takesLong = ({ isDear = false }: Making, entry: CacheEntry): boolean => isDear || isLarge(entry.bytes.length);

/** The steps in which what takes long of an object is made, before its event or its item of a list. */
export function* makingLarge(form: Making, entry: CacheEntry, answer?: Looks): Generator<undefined, void> {
  if (form.making && takesLong(form, entry)) yield* withTurns(form.making(entry, answer));
}

/** What `make` makes of an object: at once, or after other things where what it takes is long in the making. */
export function oneAtATime(form: Making, entry: CacheEntry, make: () => Uint8Array): Uint8Array | Parts {
  return takesLong(form, entry) ? preparedAndMade(form, entry, make) : make();
}

function* preparedAndMade(form: Making, entry: CacheEntry, make: () => Uint8Array): Generator<Uint8Array | undefined> {
  yield* makingLarge(form, entry);
  yield make();
}
