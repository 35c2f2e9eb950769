/** Keys in bytewise order, kept sorted as they come and go: lists and pages walk a range of it. Keys are ASCII, so code units order them. */
export class SortedKeys {
  #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  at(index: number): string {
    return this.#keys[index]!;
  }

  /** Index of the first key not below `key`. */
  lowerBound(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(key: string): void {
    const last = this.#keys.length - 1;
    if (last < 0 || this.#keys[last]! < key) {
      this.#keys.push(key);
      return;
    }
    const index = this.lowerBound(key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  delete(key: string): void {
    const index = this.lowerBound(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Half-open range of the keys that begin with `prefix`. */
  range(prefix: string): readonly [number, number] {
    // U+FFFF sorts after every character a key may hold.
    return [this.lowerBound(prefix), this.lowerBound(`${prefix}\uffff`)];
  }
}
