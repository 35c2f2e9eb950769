import type { Subject } from './subject/subject.ts';

export type StoreName = 'sqlite' | 'etcd';

/** How a figure compares with something measured in the same run; the ratio is figure ÷ ceiling, or ceiling's own unit turned so that more is better. */
export interface Compared {
  readonly of: string;
  readonly figure: number;
  readonly ratio: number;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  readonly ceilings: readonly Compared[];
  /** CPU of the server, with its unit. */
  readonly cpu?: string;
  /** What the figure or its first ratio is held to. */
  readonly bound?: Bound;
}

export interface Bound {
  readonly by: 'figure' | 'ratio';
  readonly limit: number;
  readonly better: 'more' | 'less';
  /** Which of `ceilings` a ratio is held against; the first where absent. */
  readonly ceiling?: number;
}

/** Measured against one running control plane, so that the rows of a store share their data. */
export interface Measurement {
  readonly name: string;
  run(subject: Subject): Promise<readonly Row[]>;
}

/** Measured once, without a control plane at hand: it starts what it needs. */
export interface LoneMeasurement {
  readonly name: string;
  run(run: Run): Promise<readonly Row[]>;
}

/** What the flags asked for. */
export interface Run {
  readonly store: StoreName;
  readonly dist: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Where the control plane leaves a CPU profile when it ends. */
  readonly profile?: string;
}

/** A ratio to be reached, another one for each store. */
export const ratioFrom = (limits: Readonly<Record<StoreName, number>>, store: StoreName): Bound => ({
  by: 'ratio',
  limit: limits[store],
  better: 'more',
});

/** The bound's limit on a machine that is `slowness` times as slow as the reference: time and rates scale, memory, shares and ratios do not. */
export function limitOf({ unit, bound }: Row & { readonly bound: Bound }, slowness: number): number {
  if (bound.by === 'ratio') return bound.limit;
  if (unit === 'ms') return bound.limit * slowness;
  return unit === '/s' ? bound.limit / slowness : bound.limit;
}

export function isMet(row: Row, slowness: number): boolean | undefined {
  const { bound } = row;
  if (!bound) return undefined;
  const value = bound.by === 'figure' ? row.figure : row.ceilings[bound.ceiling ?? 0]?.ratio;
  if (value === undefined) return undefined;
  const limit = limitOf({ ...row, bound }, slowness);
  return bound.better === 'more' ? value >= limit : value <= limit;
}
