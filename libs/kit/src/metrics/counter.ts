import { Cells } from './cells.ts';
import type { Described, Metric, Sample } from './metrics.ts';

export class Count {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** What only rises. */
export class Counter implements Metric {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #cells: Cells<Count>;

  constructor({ name, help, labels }: Described) {
    this.name = name;
    this.help = help;
    this.#cells = new Cells(labels, () => new Count());
  }

  of(...values: readonly string[]): Count {
    return this.#cells.of(values);
  }

  /** What a label names is gone, and is told no longer. */
  forget(label: string, value: string): void {
    this.#cells.forget(label, value);
  }

  samples(): readonly Sample[] {
    return [...this.#cells].map(([labels, { value }]) => ({ metricName: this.name, labels, value }));
  }
}
