import { labelled } from './cells.ts';
import type { Described, Metric, Sample } from './metrics.ts';

export interface GaugeSample {
  readonly values: readonly string[];
  readonly value: number;
}

/** What is looked up when somebody asks. */
export class Gauge implements Metric {
  readonly type = 'gauge';
  readonly name: string;
  readonly help: string;
  readonly #labels: readonly string[];
  collect: () => Iterable<GaugeSample> = () => [];

  constructor({ name, help, labels }: Described) {
    this.name = name;
    this.help = help;
    this.#labels = labels;
  }

  samples(): readonly Sample[] {
    const name = this.name;
    return [...this.collect()].map(({ values, value }) => {
      return { metricName: name, labels: labelled(this.#labels, values), value };
    });
  }
}
