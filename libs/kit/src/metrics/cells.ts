import type { Described } from './metrics.ts';

/** What is counted for each combination of values of labels. */
export class Cells<T> {
  readonly #cells = new Map<string, { readonly values: readonly string[]; readonly cell: T }>();

  constructor(
    private readonly names: Described['labels'],
    private readonly make: () => T,
  ) {}

  of(values: readonly string[]): T {
    const key = values.length === 1 ? values[0]! : values.join('\0');
    let found = this.#cells.get(key);
    if (!found) {
      found = { values, cell: this.make() };
      this.#cells.set(key, found);
    }
    return found.cell;
  }

  forget(name: string, value: string): void {
    const at = this.names.indexOf(name);
    for (const [key, { values }] of this.#cells) if (values[at] === value) this.#cells.delete(key);
  }

  *[Symbol.iterator](): Generator<readonly [labels: Readonly<Record<string, string>>, cell: T]> {
    for (const { values, cell } of this.#cells.values()) yield [labelled(this.names, values), cell];
  }
}

export const labelled = (names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
