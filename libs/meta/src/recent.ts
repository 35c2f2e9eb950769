export interface RecentLimits {
  readonly texts: number;
  /** Longer ones are not kept. */
  readonly length: number;
}

const LIMITS: RecentLimits = { texts: 4096, length: 256 };

/** What was made of texts lately, as the same few come again with every object of a kind. Bounded in count and in length. */
export class Recent<T> {
  readonly #values = new Map<string, T>();

  constructor(private readonly limits: RecentLimits = LIMITS) {}

  of(text: string, make: (text: string) => T): T {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = make(text);
    if (text.length > this.limits.length) return value;
    if (this.#values.size >= this.limits.texts) this.#values.clear();
    this.#values.set(text, value);
    return value;
  }
}
