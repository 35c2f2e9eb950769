/** What happened, in order. A spec waits for what it expects to happen, never for a while. */
export class Journal<T = string> {
  readonly #entries: T[] = [];
  #changed = Promise.withResolvers<void>();

  readonly add = (entry: T): void => {
    this.#entries.push(entry);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  };

  /** All that has happened by now. */
  taken(): T[] {
    return this.#entries.splice(0);
  }

  /** The next so many, once they have happened. */
  async next(count: number): Promise<T[]> {
    while (this.#entries.length < count) await this.#changed.promise;
    return this.#entries.splice(0, count);
  }

  /** All up to and with the first for which this is so, once it has happened. */
  async through(isLast: (entry: T) => boolean): Promise<T[]> {
    for (;;) {
      const last = this.#entries.findIndex(isLast);
      if (last >= 0) return this.#entries.splice(0, last + 1);
      await this.#changed.promise;
    }
  }
}
