/** So many declared kinds with large bodies are known to the thread at once. */
const MOST = 64;

/**
 * What is known by the id of a source: the oldest is forgotten when there are too many. Both sides keep one of these and add in the same order,
 * so each knows what the other knows.
 */
export class Sources<T> {
  readonly #known = new Map<string, T>();

  get(id: string): T | undefined {
    return this.#known.get(id);
  }

  add(id: string, value: T): void {
    if (this.#known.size >= MOST) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(id, value);
  }
}
