const MOST_TEXTS = 4096;
const LONGEST = 256;

/** What was made of texts lately, as the same few come again with every object of a kind. Bounded in count and in length. */
export class Recent<T> {
  readonly #values = new Map<string, T>();

  of(text: string, make: (text: string) => T): T {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    if (text.length > LONGEST) return value;
    if (this.#values.size >= MOST_TEXTS) this.#values.clear();
    this.#values.set(text, value);
    return value;
  }
}
