import type { CacheEntry } from '@kubernest/apiserver/codec';

/** Entries in bytewise order of their keys, kept sorted as they come and go: lists and pages take a range. Keys are ASCII, so code units order them. */
export class SortedEntries {
  #entries: CacheEntry[] = [];

  /** In place of the one with its key, or new. */
  set(entry: CacheEntry): void {
    const last = this.#entries.at(-1);
    if (!last || last.key < entry.key) {
      this.#entries.push(entry);
      return;
    }
    const index = this.#lowerBound(entry.key);
    this.#entries.splice(index, this.#entries[index]!.key === entry.key ? 1 : 0, entry);
  }

  delete(key: string): void {
    const index = this.#lowerBound(key);
    if (this.#entries[index]?.key === key) this.#entries.splice(index, 1);
  }

  /** Those whose key begins with `prefix`, from the first above `after`. */
  range(prefix: string, after = ''): CacheEntry[] {
    const from = Math.max(this.#lowerBound(prefix), this.#lowerBound(`${after}\u0000`));
    // U+FFFF sorts after every character a key may hold.
    return this.#entries.slice(from, Math.max(from, this.#lowerBound(`${prefix}\uffff`)));
  }

  /** Index of the first that is not below `key`. */
  #lowerBound(key: string): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
