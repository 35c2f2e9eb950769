import type { CacheEntry } from '@kubernest/apiserver/codec';

/** A run that grows above this is cut in two. */
const MOST_IN_RUN = 512;

type Run = CacheEntry[];

/**
 * Entries in bytewise order of their keys, kept sorted as they come and go: lists and pages take a range. Keys are ASCII, so code units order
 * them. They lie in runs of a few hundred, so that one that comes between others moves no more than these, however many there are.
 */
export class SortedEntries {
  /** None is empty, unless it is the only one. */
  readonly #runs: Run[] = [[]];

  /** In place of the one with its key, or new. */
  set(entry: CacheEntry): void {
    const at = this.#runOf(entry.key);
    const run = this.#runs[at]!;
    const index = lowerBound(run, entry.key);
    if (run[index]?.key === entry.key) run[index] = entry;
    else if (index === run.length) run.push(entry);
    else run.splice(index, 0, entry);
    // Most come in order: what is behind a cut at the end fills up, so a full run is cut there.
    if (run.length > MOST_IN_RUN)
      this.#runs.splice(at + 1, 0, run.splice(index === MOST_IN_RUN ? index : MOST_IN_RUN / 2));
  }

  delete(key: string): void {
    const at = this.#runOf(key);
    const run = this.#runs[at]!;
    const index = lowerBound(run, key);
    if (run[index]?.key !== key) return;
    run.splice(index, 1);
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(at, 1);
  }

  /** Those whose key begins with `prefix`, from the first above `after`. */
  range(prefix: string, after = ''): CacheEntry[] {
    const begin = prefix > after ? prefix : `${after}\u0000`;
    // U+FFFF sorts after every character a key may hold.
    const end = `${prefix}\uffff`;
    if (begin >= end) return [];
    const [first, last] = [this.#runOf(begin), this.#runOf(end)];
    const runs = this.#runs.slice(first, last + 1);
    runs[runs.length - 1] = runs.at(-1)!.slice(0, lowerBound(runs.at(-1)!, end));
    runs[0] = runs[0]!.slice(lowerBound(runs[0]!, begin));
    const [head, ...rest] = runs as [Run, ...Run[]];
    // `flat` takes ten times as long.
    return rest.length === 0 ? head : head.concat(...rest);
  }

  /** Index of the run in which `key` has its place: the first that does not end below it, or the last of all. */
  #runOf(key: string): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#runs[middle]!.at(-1)!.key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first that is not below `key`. */
function lowerBound(run: Run, key: string): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (run[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
