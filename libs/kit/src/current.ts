/** A value that is replaced while it is in use: a certificate, say. Those who hold on to something made from it follow it. */
export class Current<T> {
  #value: T;
  readonly #followers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** Everybody who follows has been told when this returns. */
  replace(value: T): void {
    this.#value = value;
    for (const use of this.#followers) use(value);
  }

  /** Calls `use` with each value that comes after. Returns the unsubscribe. */
  follow(use: (value: T) => void): () => void {
    this.#followers.add(use);
    return () => this.#followers.delete(use);
  }
}
