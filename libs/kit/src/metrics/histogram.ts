import { Cells } from './cells.ts';
import type { Described, Metric, Sample } from './metrics.ts';

/** What was observed, sorted into buckets. */
export class Observations {
  /** How many were at most the bucket's bound and more than the one before; the last holds the rest. */
  readonly within: number[];
  sum = 0;
  count = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.within = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++;
    this.within[bucket]!++;
    this.sum += value;
    this.count++;
  }
}

export class Histogram implements Metric {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #cells: Cells<Observations>;

  constructor({ name, help, labels, buckets }: Described & { readonly buckets: readonly number[] }) {
    this.name = name;
    this.help = help;
    this.#bounds = buckets;
    this.#cells = new Cells(labels, () => new Observations(buckets));
  }

  of(...values: readonly string[]): Observations {
    return this.#cells.of(values);
  }

  samples(): readonly Sample[] {
    return [...this.#cells].flatMap(([labels, cell]) => histogramSamples(this.name, labels, cell, this.#bounds));
  }
}

/** The lines of one histogram: each bucket counts all below it. */
export function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  { within, sum, count }: Pick<Observations, 'within' | 'sum' | 'count'>,
  bounds: readonly number[],
): readonly Sample[] {
  let below = 0;
  const buckets = within.map((many, at) => {
    below += many;
    const le = at < bounds.length ? String(bounds[at]) : '+Inf';
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** `count` bounds from `first`, each `factor` times the one before. */
export const exponentialBuckets = (first: number, factor: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => Number((first * factor ** at).toPrecision(12)));
