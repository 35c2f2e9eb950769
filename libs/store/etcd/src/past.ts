import { mainOf, revisionOf } from './revisions.ts';

/** The revision of etcd's at which `key` is as it was at `revision`: its own place says whether it had been written by then. */
export function etcdRevisionFor(key: string, revision: number): number {
  const main = mainOf(revision);
  return Math.max(1, revisionOf(main, key) <= revision ? main : main - 1);
}

/** What one read of a range gave: its first entries in key order, and how many there are of all. */
export interface Range<T extends Keyed> {
  readonly entries: readonly T[];
  readonly count: number;
}

interface Keyed {
  readonly key: string;
}

export interface Merged<T extends Keyed> {
  readonly entries: readonly T[];
  /** The last key up to which these are all there are; absent where nothing comes behind them. */
  readonly upTo: string | undefined;
}

/**
 * What is there between two transactions that etcd committed together, from the beginnings of the same range `before` and `after` all of
 * them. Of the later keys that is what was there before.
 */
export function mergeBetween<T extends Keyed>(before: Range<T>, after: Range<T>, revision: number): Merged<T> {
  const upTo = [before, after]
    .filter(({ entries, count }) => entries.length < count)
    .map(({ entries }) => entries.at(-1)!.key)
    .sort(byBytes)[0];
  const entries = [
    ...before.entries.filter(({ key }) => !isWritten(key, revision)),
    ...after.entries.filter(({ key }) => isWritten(key, revision)),
  ].filter(({ key }) => upTo === undefined || byBytes(key, upTo) <= 0);
  return { entries: entries.sort((a, b) => byBytes(a.key, b.key)), upTo };
}

/** Whether the transaction that writes this key is one of those up to `revision`. */
export const isWritten = (key: string, revision: number): boolean => revisionOf(mainOf(revision), key) <= revision;

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
