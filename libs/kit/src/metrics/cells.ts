import type { Described } from './metrics.ts';

interface Counted<T> {
  readonly values: readonly string[];
  readonly cell: T;
}

/** Combinations that begin with the same values. */
interface Branch<T> {
  counted?: Counted<T>;
  readonly next: Map<string, Branch<T>>;
}

/** What is counted for each combination of values of labels. Found value by value: a key joined of all would be made anew for each request. */
export class Cells<T> {
  #all: Counted<T>[] = [];
  #root: Branch<T> = { next: new Map() };

  constructor(
    private readonly names: Described['labels'],
    private readonly make: () => T,
  ) {}

  of(values: readonly string[]): T {
    const branch = this.#branch(values);
    if (!branch.counted) {
      branch.counted = { values, cell: this.make() };
      this.#all.push(branch.counted);
    }
    return branch.counted.cell;
  }

  forget(name: string, value: string): void {
    const at = this.names.indexOf(name);
    this.#all = this.#all.filter(({ values }) => values[at] !== value);
    this.#root = { next: new Map() };
    for (const counted of this.#all) this.#branch(counted.values).counted = counted;
  }

  *[Symbol.iterator](): Generator<readonly [labels: Readonly<Record<string, string>>, cell: T]> {
    for (const { values, cell } of this.#all) yield [labelled(this.names, values), cell];
  }

  #branch(values: readonly string[]): Branch<T> {
    let branch = this.#root;
    for (const value of values) {
      let next = branch.next.get(value);
      if (!next) {
        next = { next: new Map() };
        branch.next.set(value, next);
      }
      branch = next;
    }
    return branch;
  }
}

export const labelled = (names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
