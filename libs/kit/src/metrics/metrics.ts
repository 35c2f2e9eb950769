import { Counter } from './counter.ts';
import { Gauge, type GaugeSample } from './gauge.ts';
import { Histogram } from './histogram.ts';

/** One line of a metrics document. */
export interface Sample {
  /** The metric's own, with `_bucket`, `_sum` or `_count` behind it where it is a histogram's. */
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  samples(): readonly Sample[];
}

export interface Described {
  readonly name: string;
  readonly help: string;
  /** Their values are given in this order. Only what there is few of may be one. */
  readonly labels: readonly string[];
}

/**
 * What a process counts. Counting costs an addition: whoever counts often keeps what `of` gives. Nothing is written out before somebody asks.
 * The same name asked for again is the same metric, so that what starts anew counts on.
 */
export class Metrics {
  readonly #metrics = new Map<string, Metric>();

  counter(described: Described): Counter {
    return this.#once(described.name, () => new Counter(described)) as Counter;
  }

  /** `buckets`: upper bounds, rising. */
  histogram(described: Described & { readonly buckets: readonly number[] }): Histogram {
    return this.#once(described.name, () => new Histogram(described)) as Histogram;
  }

  /** `collect` is called when somebody asks; of two of one name the later is asked. */
  gauge(described: Described, collect: () => Iterable<GaugeSample>): void {
    const gauge = this.#once(described.name, () => new Gauge(described)) as Gauge;
    gauge.collect = collect;
  }

  all(): readonly Metric[] {
    return [...this.#metrics.values()];
  }

  #once(name: string, make: () => Metric): Metric {
    return this.#metrics.getOrInsertComputed(name, make);
  }
}
